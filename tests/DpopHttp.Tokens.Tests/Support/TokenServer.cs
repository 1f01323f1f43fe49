using System.Collections.Concurrent;
using System.Text.Json;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DpopHttp.Tokens.Tests.Support;

/// <summary>
/// An authorization server on a real socket that does as it is told: it verifies proofs, gives opaque tokens that are bound to the proof's key, and
/// fails in the ways that a test wants to see.
/// </summary>
internal sealed class TokenServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<TokenRequest> _requests = new();
    private readonly ConcurrentDictionary<string, (string Thumbprint, DateTimeOffset ExpiresAt)> _good = new();
    private readonly DpopProofVerifier _verifier;
    private readonly TimeProvider _time;
    private LoopbackServer? _server;
    private int _issued;
    private int _atOnce;

    private TokenServer(TimeProvider time)
    {
        _time = time;
        _verifier = new DpopProofVerifier { TimeProvider = time, MaxAge = TimeSpan.FromHours(1) };
    }

    public Uri BaseAddress => _server!.BaseAddress;

    public Uri TokenEndpoint => new(BaseAddress, "/token");

    /// <summary>The nonce that proofs must have. Null: none.</summary>
    public string? Nonce { get; set; }

    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>What the answer says of the token. Null: it says nothing.</summary>
    public string? TokenType { get; set; } = "DPoP";

    /// <summary>Called before the answer; one that returns true has answered by itself.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    /// <summary>Further members of the answer.</summary>
    public Func<TokenRequest, Dictionary<string, object>> Extras { get; set; } = _ => [];

    /// <summary>Requests for tokens that came with a good proof and nonce.</summary>
    public TokenRequest[] Requests => [.. _requests];

    /// <summary>All that came, challenged, failed and refused ones too.</summary>
    public int Arrivals { get; private set; }

    /// <summary>The most requests that were under way at one time.</summary>
    public int MostAtOnce { get; private set; }

    public static async Task<TokenServer> StartAsync(TimeProvider? time = null, HttpProtocols protocols = HttpProtocols.Http1)
    {
        TokenServer server = new(time ?? TimeProvider.System);
        server._server = await LoopbackServer.StartAsync(server.HandleAsync, protocols);
        return server;
    }

    /// <summary>Answers with an OAuth error (RFC 6749 section 5.2) until told otherwise.</summary>
    public void Refuse(int status, string error, string? description = null) => Instead = async context =>
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { error, error_description = description });
        return true;
    };

    /// <summary>Answers with this body until told otherwise.</summary>
    public void Answer(string body, int status = 200) => Instead = async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
        return true;
    };

    /// <summary>Answers with a status and nothing else until told otherwise.</summary>
    public void Fail(int status, string? retryAfter = null) => Instead = context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = retryAfter;
        return Task.FromResult(true);
    };

    public void Recover() => Instead = _ => Task.FromResult(false);

    /// <summary>Whether an API should take the token with a proof of this key.</summary>
    public bool IsGood(string token, string thumbprint) =>
        _good.TryGetValue(token, out (string Thumbprint, DateTimeOffset ExpiresAt) known) && known.Thumbprint == thumbprint && _time.GetUtcNow() < known.ExpiresAt;

    public void Revoke(string token) => _good.TryRemove(token, out _);

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        lock (_requests)
        {
            Arrivals++;
            MostAtOnce = Math.Max(MostAtOnce, ++_atOnce);
        }

        try
        {
            if (!await Instead(context))
            {
                await AnswerAsync(context);
            }
        }
        finally
        {
            lock (_requests)
            {
                _atOnce--;
            }
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        DpopProofResult proof = _verifier.Verify(new DpopProofContext(
            context.Request.Method, new Uri(BaseAddress, context.Request.Path), context.Request.Headers["DPoP"].OfType<string>())
        {
            AcceptNonce = Nonce is { } nonce ? given => given == nonce : null,
        });
        if (!proof.IsValid)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.Headers["DPoP-Nonce"] = Nonce;
            await context.Response.WriteAsJsonAsync(new { error = proof.FailedCheck == DpopProofCheck.Nonce ? "use_dpop_nonce" : "invalid_dpop_proof" });
            return;
        }

        IFormCollection form = await context.Request.ReadFormAsync();
        TokenRequest request = new(
            form.ToDictionary(field => field.Key, field => string.Join(' ', field.Value.AsEnumerable())),
            context.Request.Headers.Authorization,
            proof.Thumbprint!,
            proof.Claims.TryGetValue("nonce", out JsonElement sent) ? sent.GetString() : null);
        _requests.Enqueue(request);
        await context.Response.WriteAsJsonAsync(Issue(request));
    }

    private Dictionary<string, object> Issue(TokenRequest request)
    {
        string token = $"token-{Interlocked.Increment(ref _issued)}";
        _good[token] = (request.Thumbprint, _time.GetUtcNow() + Lifetime);
        Dictionary<string, object> answer = new(Extras(request)) { ["access_token"] = token, ["expires_in"] = (int)Lifetime.TotalSeconds };
        if (TokenType is not null)
        {
            answer["token_type"] = TokenType;
        }

        return answer;
    }
}
