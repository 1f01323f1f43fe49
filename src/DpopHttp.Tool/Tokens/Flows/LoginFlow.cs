using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using DpopHttp.Tool.Hosting;
using DpopHttp.Tool.Output;
using Duende.IdentityModel.Client;

namespace DpopHttp.Tool.Tokens.Flows;

/// <summary>The user signs in with a browser on this machine: authorization code with PKCE, pushed where the server takes that, back over loopback (RFC 8252 section 7.3).</summary>
internal sealed class LoginFlow(IdentitySession session, ToolConsole console, int port, bool opensBrowser)
{
    private readonly string _state = RandomText();
    private readonly string _verifier = RandomText();

    public async Task<TokenResponse> RunAsync(CancellationToken cancellationToken)
    {
        CallbackPage page = new(_state, session.Grant.Issuer.OriginalString);
        LoopbackHost host = await LoopbackHost.StartAsync(port, page.HandleAsync, cancellationToken).ConfigureAwait(false);
        await using (host.ConfigureAwait(false))
        {
            string redirect = $"{host.Origin}{CallbackPage.Path}";
            string url = await CreateUrlAsync(redirect, cancellationToken).ConfigureAwait(false);
            ShowUrl(url);
            string code = await page.Code.WaitAsync(cancellationToken).ConfigureAwait(false);
            using AuthorizationCodeTokenRequest request = session.Prepare(
                new AuthorizationCodeTokenRequest { Code = code, CodeVerifier = _verifier, RedirectUri = redirect }, session.Server.TokenEndpoint, "token_endpoint");
            return TokenAnswer.Require(await session.Http.RequestAuthorizationCodeTokenAsync(request, cancellationToken).ConfigureAwait(false), session.Key);
        }
    }

    private async Task<string> CreateUrlAsync(string redirect, CancellationToken cancellationToken)
    {
        RequestUrl authorize = new(session.Server.AuthorizeEndpoint ?? throw new ToolException($"{session.Grant.Issuer} has no authorization_endpoint in its metadata."));
        string challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(_verifier)));
        if (session.Server.PushedAuthorizationRequestEndpoint is not { } endpoint)
        {
            Parameters extra = new Parameters().AddDpopJkt(session.Key);
            foreach (string resource in session.Grant.Resources)
            {
                extra.Add("resource", resource);
            }

            return authorize.CreateAuthorizeUrl(
                session.Grant.ClientId, "code", session.Grant.Scope, redirect, _state, codeChallenge: challenge, codeChallengeMethod: "S256", extra: extra);
        }

        using PushedAuthorizationRequest request = session.Prepare(
            new PushedAuthorizationRequest
            {
                ResponseType = "code",
                Scope = session.Grant.Scope,
                RedirectUri = redirect,
                State = _state,
                CodeChallenge = challenge,
                CodeChallengeMethod = "S256",
            },
            endpoint,
            "pushed_authorization_request_endpoint");
        request.Parameters.AddDpopJkt(session.Key);
        PushedAuthorizationResponse pushed = await session.Http.PushAuthorizationAsync(request, cancellationToken).ConfigureAwait(false);
        return pushed.IsError
            ? throw new ToolException($"The sign-in could not begin: {IdentitySession.Describe(pushed, null)}")
            : authorize.CreateAuthorizeUrl(session.Grant.ClientId, requestUri: pushed.RequestUri);
    }

    private void ShowUrl(string url)
    {
        console.Note("Sign in with your browser; this command goes on when you are done. The address is:");
        console.Error.WriteLine(url);
        if (!opensBrowser)
        {
            return;
        }

        try
        {
            using Process? browser = Process.Start(new ProcessStartInfo(url) { UseShellExecute = true });
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or PlatformNotSupportedException)
        {
            console.Note("No browser could be opened here: copy the address into one on this machine.");
        }
    }

    private static string RandomText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
