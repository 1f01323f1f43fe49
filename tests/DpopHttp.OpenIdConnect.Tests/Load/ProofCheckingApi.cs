using System.Net;
using DpopHttp.Verification;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.Tests.Load;

/// <summary>An API on loopback that demands a nonce in each proof, checks the proof with the token that it is for, and counts.</summary>
internal sealed class ProofCheckingApi : IAsyncDisposable
{
    private readonly DpopProofVerifier _verifier;
    private readonly DpopNonces _nonces;
    private readonly WebApplication _app;
    private int _good, _refused;

    private ProofCheckingApi(TimeProvider time)
    {
        _verifier = new DpopProofVerifier { TimeProvider = time };
        _nonces = new DpopNonces(TimeSpan.FromHours(1), time);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    public static async Task<ProofCheckingApi> StartAsync(TimeProvider time)
    {
        ProofCheckingApi api = new(time);
        await api._app.StartAsync();
        return api;
    }

    /// <summary>How many requests were good, and how many refused, since the last call of this.</summary>
    public (int Good, int Refused) Take() => (Interlocked.Exchange(ref _good, 0), Interlocked.Exchange(ref _refused, 0));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string token = request.Headers.Authorization.ToString()["DPoP ".Length..];
        DpopProofResult result = await _verifier.VerifyAsync(new DpopProofContext(request.Method, new Uri(Address, request.Path), request.Headers["DPoP"].OfType<string>())
        {
            AccessToken = token,
            AcceptNonce = _nonces.Accepts,
            IsNonceRequired = true,
        });
        Interlocked.Increment(ref result.IsValid ? ref _good : ref _refused);
        if (!result.IsValid)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = $"DPoP error=\"{(result.FailedCheck == DpopProofCheck.Nonce ? "use_dpop_nonce" : "invalid_dpop_proof")}\"";
            context.Response.Headers["DPoP-Nonce"] = _nonces.Current;
        }
    }
}
