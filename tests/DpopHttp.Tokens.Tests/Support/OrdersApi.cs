using System.Collections.Concurrent;
using System.Net.Http.Headers;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tokens.Tests.Support;

/// <summary>An API on a real socket that takes the tokens of a <see cref="TokenServer"/> with a proof, and says invalid_token of others.</summary>
internal sealed class OrdersApi : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _tokens = new();
    private readonly ConcurrentQueue<string> _bodies = new();
    private readonly TokenServer _issuer;
    private readonly DpopProofVerifier _verifier;
    private LoopbackServer? _server;

    private OrdersApi(TokenServer issuer, TimeProvider time)
    {
        _issuer = issuer;
        _verifier = new DpopProofVerifier { TimeProvider = time, MaxAge = TimeSpan.FromHours(1) };
    }

    public Uri BaseAddress => _server!.BaseAddress;

    /// <summary>Refuses every token.</summary>
    public bool RefusesAll { get; set; }

    /// <summary>The Authorization fields of all requests, refused ones too.</summary>
    public string[] Authorizations => [.. _tokens];

    /// <summary>The bodies of the requests that were let in.</summary>
    public string[] Bodies => [.. _bodies];

    public static async Task<OrdersApi> StartAsync(TokenServer issuer, TimeProvider? time = null)
    {
        OrdersApi api = new(issuer, time ?? TimeProvider.System);
        api._server = await LoopbackServer.StartAsync(api.HandleAsync);
        return api;
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        string authorization = context.Request.Headers.Authorization.ToString();
        _tokens.Enqueue(authorization);
        if (!Admits(context, AuthenticationHeaderValue.TryParse(authorization, out AuthenticationHeaderValue? header) ? header : null))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "DPoP error=\"invalid_token\"";
            return;
        }

        using StreamReader reader = new(context.Request.Body);
        _bodies.Enqueue(await reader.ReadToEndAsync());
    }

    private bool Admits(HttpContext context, AuthenticationHeaderValue? header)
    {
        DpopProofResult proof = _verifier.Verify(new DpopProofContext(
            context.Request.Method, new Uri(BaseAddress, context.Request.Path), context.Request.Headers["DPoP"].OfType<string>()) { AccessToken = header?.Parameter });
        return !RefusesAll && header is { Scheme: "DPoP", Parameter: { } token } && proof.IsValid && _issuer.IsGood(token, proof.Thumbprint!);
    }
}
