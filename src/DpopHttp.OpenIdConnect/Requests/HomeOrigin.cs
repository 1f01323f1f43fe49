using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace DpopHttp.OpenIdConnect.Requests;

/// <summary>Keeps users' tokens at the origin of the client's BaseAddress, where it has one and its options name no origins.</summary>
internal sealed class HomeOrigin(string client, IOptionsMonitor<HttpClientFactoryOptions> factories, IOptionsMonitor<DpopOptions> options)
{
    private const UriComponents Origin = UriComponents.SchemeAndServer;

    private readonly Lazy<Uri?> _home = new(() => ReadBaseAddress(factories.Get(client)));

    /// <exception cref="DpopException">The request goes elsewhere.</exception>
    public void Check(Uri? target)
    {
        if (_home.Value is not { } home || target is not { IsAbsoluteUri: true } || options.Get(client).AllowedOrigins.Count > 0)
        {
            return;
        }

        if (Uri.Compare(home, HttpForm(target), Origin, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) != 0)
        {
            throw new DpopException(
                DpopErrorCodes.OriginNotAllowed,
                $"The client '{client}' has users' tokens for {Shown(home)}, its BaseAddress, and the request goes to {Shown(target)}. A token goes only where it is meant to be "
                + $"used (RFC 9700 section 4.9). Use another client for that address, or name all origins in {nameof(DpopOptions)}.{nameof(DpopOptions.AllowedOrigins)}.");
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

    /// <summary>A WebSocket begins as a request of HTTP.</summary>
    private static Uri HttpForm(Uri uri) => uri.Scheme is "ws" or "wss" ? new UriBuilder(uri) { Scheme = uri.Scheme == "ws" ? "http" : "https" }.Uri : uri;

    private static string Shown(Uri uri) => uri.GetComponents(Origin, UriFormat.UriEscaped);
}
