using DpopHttp.KeyRing;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>Keeps tokens, proofs and nonces of clients with DPoP out of the factory's logs.</summary>
internal sealed class LoggedHeaders(KeyNames names) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    private static readonly string[] Secret = ["Authorization", "DPoP", "DPoP-Nonce"];

    /// <summary>Composed with what the user set: RedactLoggedHeaders would replace it and show all other headers.</summary>
    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        if (names.IsClient(name ?? Options.DefaultName))
        {
            Func<string, bool> others = options.ShouldRedactHeaderValue;
            options.ShouldRedactHeaderValue = header => Secret.Contains(header, StringComparer.OrdinalIgnoreCase) || others(header);
        }
    }
}
