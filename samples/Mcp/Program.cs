using McpSample;
using Microsoft.AspNetCore.WebUtilities;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

// An MCP client whose own OAuth only knows Bearer, and servers that demand DPoP and nonces. AddDpopAsBearer() stands between them.
await using WebApplication signIn = await Servers.StartSignInAsync();
await using WebApplication mcp = await Servers.StartMcpAsync(signIn.Urls.Single());

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
IServiceCollection services = builder.Services;
services.AddHttpClient("mcp").AddDpopAsBearer();
services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
using IHost host = builder.Build();
IHttpClientFactory factory = host.Services.GetRequiredService<IHttpClientFactory>();

HttpClientTransportOptions options = new()
{
    Endpoint = new Uri($"{mcp.Urls.Single()}/mcp"),
    OAuth = new ClientOAuthOptions
    {
        ClientId = "mcp-sample",
        RedirectUri = new Uri("http://127.0.0.1/callback"),
        AuthorizationCallbackHandler = SignInAsync,
    },
};
await using HttpClientTransport transport = new(options, factory.CreateClient("mcp"));

await using McpClient client = await McpClient.CreateAsync(transport);
CallToolResult result = await client.CallToolAsync("place_order", new Dictionary<string, object?> { ["article"] = "books", ["count"] = 3 });
Console.WriteLine($"The tool says: {string.Join(' ', result.Content.OfType<TextContentBlock>().Select(block => block.Text))}");

// A browser's part: the user signs in, and the server sends the browser back with a code.
static async Task<AuthorizationResult?> SignInAsync(AuthorizationCallbackContext context, CancellationToken cancellationToken)
{
    using HttpClient browser = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    using HttpResponseMessage response = await browser.GetAsync(context.AuthorizationUri, cancellationToken);
    Dictionary<string, Microsoft.Extensions.Primitives.StringValues> answer = QueryHelpers.ParseQuery(response.Headers.Location!.Query);
    return new AuthorizationResult { Code = answer["code"]!, State = answer["state"], Iss = answer["iss"] };
}
