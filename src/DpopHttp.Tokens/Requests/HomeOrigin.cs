using DpopHttp.Shared;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.Requests;

/// <summary>Keeps the tokens that a client is given at the origin of its BaseAddress, where it has one and its options name no origins.</summary>
internal sealed class HomeOrigin(string client, IOptionsMonitor<HttpClientFactoryOptions> factories, IOptionsMonitor<DpopOptions> options)
{
    private readonly Lazy<Uri?> _baseAddress = new(() => ReadBaseAddress(factories.Get(client)));

    /// <exception cref="DpopException">The request goes elsewhere.</exception>
    public void Check(Uri? target)
    {
        if (_baseAddress.Value is { } home && target is { IsAbsoluteUri: true } && !WebOrigin.IsSame(home, target) && options.Get(client) is { AllowedOrigins.Count: 0, IsAllowedOrigin: null })
        {
            throw new DpopException(
                DpopErrorCodes.OriginNotAllowed,
                $"The client '{client}' is given tokens for {Shown(home)}, its BaseAddress, and the request goes to {Shown(target)}. A token goes only where it "
                + $"is meant to be used (RFC 9700 section 4.9). Use another client for that address, or name all origins in {nameof(DpopOptions)}.{nameof(DpopOptions.AllowedOrigins)}.");
        }
    }

    /// <summary>What AddHttpClient and ConfigureHttpClient set. A client that exists for this only shows it.</summary>
    private static Uri? ReadBaseAddress(HttpClientFactoryOptions options)
    {
        using HttpClient shown = new();
        foreach (Action<HttpClient> configure in options.HttpClientActions)
        {
            configure(shown);
        }

        return shown.BaseAddress;
    }

    private static string Shown(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
}
