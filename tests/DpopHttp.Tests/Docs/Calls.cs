using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using DpopHttp.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tests.Docs;

/// <summary>Calls that make each instrument of each package record something.</summary>
internal static class Calls
{
    public static async Task MakeAsync()
    {
        await CallApiAsync();
        await AskForTokensAsync();
        await VerifyAsync();
    }

    /// <summary>A challenge that is answered, and a request that is not sent.</summary>
    private static async Task CallApiAsync()
    {
        ServiceCollection services = new();
        services.AddHttpClient("api").AddDpop().ConfigurePrimaryHttpMessageHandler(() => new ProtectedResourceHandler());
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        client.DefaultRequestHeaders.Authorization = new("DPoP", "some-token");
        using HttpResponseMessage response = await client.GetAsync(new Uri("https://api.example.com/"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAsync<DpopException>(() => client.GetAsync(new Uri("http://api.example.com/")));
    }

    /// <summary>A token request that succeeds, and one that is refused.</summary>
    private static async Task AskForTokensAsync()
    {
        ServiceCollection services = new();
        AddClient(services, "granted", HttpStatusCode.OK, """{"access_token":"token","token_type":"DPoP","expires_in":60}""");
        AddClient(services, "refused", HttpStatusCode.BadRequest, """{"error":"invalid_client"}""");
        await using ServiceProvider provider = services.BuildServiceProvider();
        IDpopTokens tokens = provider.GetRequiredService<IDpopTokens>();
        Assert.Equal("token", (await tokens.GetAsync("granted")).Value);
        await Assert.ThrowsAsync<DpopTokenException>(() => tokens.GetAsync("refused").AsTask());
    }

    private static void AddClient(IServiceCollection services, string name, HttpStatusCode status, string answer) => services.AddHttpClient(name)
        .ConfigureDpopBackChannel(back => back.ConfigurePrimaryHttpMessageHandler(() => new Answering(status, answer)))
        .AddDpopClientCredentials(options =>
        {
            options.TokenEndpoint = new Uri("https://login.example.com/token");
            options.ClientId = name;
            options.ClientSecret = "some-secret";
        });

    /// <summary>A proof that an API verifies.</summary>
    private static async Task VerifyAsync()
    {
        using DpopKey key = DpopKey.Generate();
        ServiceCollection services = new();
        services.AddLogging().AddSingleton(key);
        AuthenticationBuilder authentication = services.AddAuthentication("Bearer").AddScheme<AuthenticationSchemeOptions, AnyToken>("Bearer", null);
        DpopAuthenticationBuilderExtensions.AddDpop(authentication);
        await using ServiceProvider provider = services.BuildServiceProvider();
        DefaultHttpContext context = new() { RequestServices = provider };
        context.Request.Method = "GET";
        context.Request.Scheme = "https";
        context.Request.Host = new HostString("api.example.com");
        context.Request.Path = "/orders";
        context.Request.Headers.Authorization = "DPoP some-token";
        context.Request.Headers["DPoP"] = DpopProof.Create(key, HttpMethod.Get, new Uri("https://api.example.com/orders"), "some-token");
        Assert.True((await context.AuthenticateAsync()).Succeeded);
    }

    private sealed class Answering(HttpStatusCode status, string answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(status) { RequestMessage = request, Content = new StringContent(answer, null, "application/json") });
    }

    private sealed class AnyToken(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, DpopKey key)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers.Authorization.Count == 0)
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            ClaimsIdentity identity = new([new Claim("cnf", $$"""{"jkt":"{{key.Thumbprint}}"}""")], "any");
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
        }
    }
}
