using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using DpopHttp.Interop.Tests.Servers;
using Duende.IdentityModel.Client;

namespace DpopHttp.Interop.Tests.Grants;

/// <summary>
/// The authorization code flow with PKCE (RFC 7636) of one of the server's clients, by <see cref="GrantBench.Identity"/>, step by step.
/// </summary>
internal sealed class SignIn(GrantBench bench, string clientId)
{
    private const string CodeChallengeMethod = "S256";

    private readonly string _state = RandomText();
    private readonly string _verifier = RandomText();

    public string RedirectUri { get; init; } = AuthorizationServer.RedirectUri;

    /// <summary>What is asked for: with a resource a JWT for the API, without one an opaque token for userinfo.</summary>
    public string? Resource { get; init; } = bench.Server.Resource;

    public string Scope => Resource is null ? "openid" : "openid orders.read";

    private string CodeChallenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(_verifier)));

    /// <summary>Pushes the authorization request (RFC 9126), with the thumbprint of a key if one is given.</summary>
    public async Task<PushedAuthorizationResponse> PushAsync(DpopKey? key)
    {
        using PushedAuthorizationRequest request = bench.Identify(clientId, bench.Server.PushedAuthorizationRequestEndpoint, new PushedAuthorizationRequest
        {
            ResponseType = "code",
            RedirectUri = RedirectUri,
            Scope = Scope,
            State = _state,
            CodeChallenge = CodeChallenge,
            CodeChallengeMethod = CodeChallengeMethod,
        });
        if (Resource is not null)
        {
            request.Resource.Add(Resource);
        }

        if (key is not null)
        {
            request.Parameters.AddDpopJkt(key);
        }

        return await bench.CreateClient(GrantBench.Identity).PushAuthorizationAsync(request);
    }

    /// <summary>The URL of a request that was pushed.</summary>
    public Uri UrlOf(PushedAuthorizationResponse pushed)
    {
        Assert.False(pushed.IsError, pushed.Raw);
        return new(new RequestUrl(bench.Server.AuthorizationEndpoint.AbsoluteUri).CreateAuthorizeUrl(clientId, requestUri: pushed.RequestUri));
    }

    /// <summary>The URL of a request that was not pushed, with the thumbprint of a key.</summary>
    public Uri UrlFor(DpopKey key)
    {
        Parameters extra = new Parameters().AddDpopJkt(key);
        extra.AddOptional("resource", Resource);
        return new(new RequestUrl(bench.Server.AuthorizationEndpoint.AbsoluteUri).CreateAuthorizeUrl(
            clientId, "code", Scope, RedirectUri, _state, codeChallenge: CodeChallenge, codeChallengeMethod: CodeChallengeMethod, extra: extra));
    }

    /// <summary>The user says yes; the code that comes back.</summary>
    public async Task<string> ApproveAsync(Uri url)
    {
        using Browser browser = bench.OpenBrowser();
        return CodeOf(await browser.AuthorizeAsync(url));
    }

    public string CodeOf(Uri callback)
    {
        AuthorizeResponse response = new(callback.AbsoluteUri);
        Assert.False(response.IsError, response.Raw);
        Assert.Equal((_state, bench.Server.Issuer), (response.State, response.Issuer));
        return response.Code!;
    }

    /// <summary>Redeems the code, by <see cref="GrantBench.Identity"/> or by another client of the container.</summary>
    public async Task<TokenResponse> RedeemAsync(string code, string client = GrantBench.Identity)
    {
        using AuthorizationCodeTokenRequest request = bench.Identify(clientId, bench.Server.TokenEndpoint, new AuthorizationCodeTokenRequest
        {
            Code = code,
            CodeVerifier = _verifier,
            RedirectUri = RedirectUri,
        });
        if (Resource is not null)
        {
            request.Resource.Add(Resource);
        }

        return await bench.CreateClient(client).RequestAuthorizationCodeTokenAsync(request);
    }

    /// <summary>All steps, for tests of what comes after; what they sent is forgotten.</summary>
    public async Task<TokenResponse> RunAsync()
    {
        string code = await ApproveAsync(UrlOf(await PushAsync(bench.KeyOf(GrantBench.Identity))));
        TokenResponse tokens = await RedeemAsync(code);
        Assert.False(tokens.IsError, tokens.Raw);
        bench.TakeAttempts();
        return tokens;
    }

    private static string RandomText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
