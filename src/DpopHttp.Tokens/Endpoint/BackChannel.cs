using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>The clients that talk to the authorization server: one with proofs, for tokens, and one without, for metadata.</summary>
internal sealed class BackChannel(string client, IHttpClientFactory factory, IOptionsMonitor<DpopOptions> options)
{
    public bool AllowInsecureHttp => options.Get(client).AllowInsecureHttp;

    /// <summary>The name of the client that asks for another's tokens.</summary>
    public static string NameFor(string client) => client + ".tokens";

    /// <summary>The name of the client that reads the authorization server's metadata, which takes no proof.</summary>
    public static string PlainNameFor(string client) => client + ".metadata";

    public HttpMessageInvoker Create() => factory.CreateClient(NameFor(client));

    public HttpMessageInvoker CreatePlain() => factory.CreateClient(PlainNameFor(client));
}
