using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>The clients that talk to the authorization server: one with proofs, for tokens, and one without, for metadata.</summary>
internal sealed class BackChannel(string client, IHttpClientFactory factory, IOptionsMonitor<DpopOptions> options)
{
    /// <summary>In bytes. An answer has a few tokens in it.</summary>
    private const int LargestAnswer = 1024 * 1024;

    public BearerTokenHandling BearerTokens => options.Get(client).BearerTokens;

    /// <summary>The name of the client that asks for another's tokens.</summary>
    public static string NameFor(string client) => client + ".tokens";

    /// <summary>The name of the client that reads the authorization server's metadata, which takes no proof.</summary>
    public static string PlainNameFor(string client) => client + ".metadata";

    public HttpClient Create() => Create(NameFor(client));

    public HttpClient CreatePlain() => Create(PlainNameFor(client));

    private HttpClient Create(string name)
    {
        HttpClient http = factory.CreateClient(name);
        http.MaxResponseContentBufferSize = Math.Min(http.MaxResponseContentBufferSize, LargestAnswer);
        return http;
    }
}
