using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace DpopHttp.OpenIdConnect.Endpoint;

/// <summary>Asks a scheme's authorization server to renew and to revoke tokens, as the client that the OpenID Connect options describe.</summary>
internal sealed class ServerEndpoints(
    string scheme, IOptionsMonitor<OpenIdConnectOptions> openId, IOptionsMonitor<DpopOpenIdConnectOptions> options, IHttpClientFactory factory, TimeProvider time)
{
    /// <summary>In bytes. An answer has a few tokens in it.</summary>
    private const int LargestAnswer = 1024 * 1024;

    public string Scheme => scheme;

    /// <exception cref="HttpRequestException">The server can't be reached.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    /// <exception cref="DpopException">The request can't be sent.</exception>
    public async Task<RenewalAnswer> RenewAsync(string refreshToken, DpopKey key, CancellationToken cancellationToken)
    {
        OpenIdConnectOptions server = openId.Get(scheme);
        Dictionary<string, string> form = new(options.Get(scheme).Parameters, StringComparer.Ordinal)
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = refreshToken,
        };
        if (server.Resource is { Length: > 0 } resource)
        {
            form.TryAdd("resource", resource);
        }

        OpenIdConnectConfiguration metadata = await ReadMetadataAsync(server, cancellationToken).ConfigureAwait(false);
        DateTimeOffset asked = time.GetUtcNow();
        using HttpResponseMessage response = await PostAsync(metadata.TokenEndpoint, form, server, key, cancellationToken).ConfigureAwait(false);
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return RenewalAnswerReader.Read(scheme, response, body, key, asked, time.GetUtcNow());
    }

    /// <summary>Revokes a token (RFC 7009).</summary>
    /// <returns>What went wrong, or null if nothing did, or if the server has no endpoint for it.</returns>
    public async Task<string?> RevokeAsync(string token, string kind, DpopKey key, CancellationToken cancellationToken)
    {
        OpenIdConnectOptions server = openId.Get(scheme);
        OpenIdConnectConfiguration metadata = await ReadMetadataAsync(server, cancellationToken).ConfigureAwait(false);
        if (string.IsNullOrEmpty(metadata.RevocationEndpoint))
        {
            return null;
        }

        Dictionary<string, string> form = new(StringComparer.Ordinal) { ["token"] = token, ["token_type_hint"] = kind };
        using HttpResponseMessage response = await PostAsync(metadata.RevocationEndpoint, form, server, key, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode ? null : $"the revocation endpoint answered with status {(int)response.StatusCode}";
    }

    private static async Task<OpenIdConnectConfiguration> ReadMetadataAsync(OpenIdConnectOptions server, CancellationToken cancellationToken) =>
        server.Configuration
        ?? (server.ConfigurationManager is { } manager
            ? await manager.GetConfigurationAsync(cancellationToken).ConfigureAwait(false)
            : throw new HttpRequestException("the OpenID Connect options have neither an Authority nor a Configuration"));

    private async Task<HttpResponseMessage> PostAsync(
        string endpoint, Dictionary<string, string> form, OpenIdConnectOptions server, DpopKey key, CancellationToken cancellationToken)
    {
        form["client_id"] = server.ClientId!;
        if (server.ClientSecret is { Length: > 0 } secret)
        {
            form["client_secret"] = secret;
        }

        using HttpClient http = factory.CreateClient(BackChannel.NameFor(scheme));
        http.MaxResponseContentBufferSize = LargestAnswer;
        using HttpRequestMessage request = new(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Accept.Add(new("application/json"));
        request.SetDpopKey(key);
        return await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
