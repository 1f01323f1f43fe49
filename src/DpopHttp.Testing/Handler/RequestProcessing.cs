using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net;
using DpopHttp.Verification;

namespace DpopHttp.Testing;

/// <summary>One request and its answer. With isAsync false it never yields, so that Send can wait for it.</summary>
internal sealed class RequestProcessing(
    ProtectedResourceHandler resource, ResourceState state, HttpRequestMessage request, bool isAsync, CancellationToken cancellationToken)
{
    private const string NonceHeader = "DPoP-Nonce";

    private readonly ReceivedRequest _received = new(request);
    private readonly DateTimeOffset _now = resource.Verifier.TimeProvider.GetUtcNow() + resource.ClockOffset;

    // Read once, so that a test may change it while requests are under way.
    private readonly NonceMode _nonces = resource.Nonces;

    public async Task<HttpResponseMessage> RunAsync()
    {
        cancellationToken.ThrowIfCancellationRequested();
        state.Log.Add(_received);
        Refusal? refusal = await ExamineAsync().ConfigureAwait(false);
        _received.Accepted = refusal is null;
        return state.Faults.Take(_received.Accepted) switch
        {
            { } fault => await MisbehaveAsync(fault).ConfigureAwait(false),
            null when refusal is not null => await RefuseAsync(refusal).ConfigureAwait(false),
            null => Finish(await RespondAsync().ConfigureAwait(false), isChallenge: false),
        };
    }

    private async Task<Refusal?> ExamineAsync()
    {
        bool isDpop = "DPoP".Equals(_received.AuthorizationScheme, StringComparison.OrdinalIgnoreCase);
        string? token = isDpop ? _received.AccessToken : null;
        if (token is null && resource.RequireToken)
        {
            return new Refusal(null, "The request has no access token of the DPoP scheme.");
        }

        string? thumbprint = token is null ? null : state.Tokens.ThumbprintOf(token);
        DpopProofContext context = new(_received.Method, _received.Uri, _received.Proofs)
        {
            AccessToken = token,
            BoundThumbprint = thumbprint,
            AcceptNonce = _nonces == NonceMode.None ? null : nonce => state.Nonces.Accept(_nonces, nonce),
            Time = _now,
        };
        _received.ProofResult = isAsync
            ? await resource.Verifier.VerifyAsync(context, cancellationToken).ConfigureAwait(false)
            : resource.Verifier.Verify(context);
        if (!_received.ProofResult.IsValid)
        {
            return Refusal.Of(_received.ProofResult);
        }

        if (token is not null && state.Tokens.IsRefused(token))
        {
            return new Refusal(Refusal.InvalidToken, "The access token is not valid any more.");
        }

        return token is not null && thumbprint is null && resource.RequireBoundToken
            ? new Refusal(Refusal.InvalidToken, "The access token is not bound to a key that is known here.")
            : null;
    }

    private async Task<HttpResponseMessage> RefuseAsync(Refusal refusal)
    {
        await ReadBodyUnlessExpectedAsync().ConfigureAwait(false);
        return Finish(Refuse(refusal), refusal.IsNonceChallenge);
    }

    private async Task<HttpResponseMessage> MisbehaveAsync(ProtectedResourceFault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.RefuseAfterAccept:
                (await RespondAsync().ConfigureAwait(false)).Dispose();
                HttpResponseMessage refused = Refuse(new Refusal(Refusal.UseNonce, "The nonce changed while the request was carried out."));
                refused.Headers.Add(NonceHeader, state.Nonces.Rotate());
                return Finish(refused, isChallenge: true);
            case FaultKind.DropBeforeBody:
                throw LostConnection();
            case FaultKind.DropAfterBody:
                await ReadBodyAsync().ConfigureAwait(false);
                throw LostConnection();
            case FaultKind.Hang:
                await ReadBodyUnlessExpectedAsync().ConfigureAwait(false);
                throw await CancelledAsync().ConfigureAwait(false);
            default:
                await ReadBodyUnlessExpectedAsync().ConfigureAwait(false);
                HttpResponseMessage answer = new(fault.StatusCode);
                answer.Headers.Location = fault.Location;
                return Finish(answer, isChallenge: false);
        }
    }

    private async Task<HttpResponseMessage> RespondAsync()
    {
        await ReadBodyAsync().ConfigureAwait(false);
        using HttpRequestMessage copy = RequestReader.Copy(request, _received.Uri, _received.BodyBytes);
        Task<HttpResponseMessage> response = resource.Respond(copy, cancellationToken);
        return isAsync ? await response.ConfigureAwait(false) : response.GetAwaiter().GetResult();
    }

    private HttpResponseMessage Refuse(Refusal refusal)
    {
        _received.Error = refusal.Error;
        IEnumerable<string> algorithms = DpopProofVerifier.SupportedAlgorithms.Where(resource.Verifier.Algorithms.Contains);
        return RefusalResponse.Create(refusal, resource.Form, algorithms);
    }

    private HttpResponseMessage Finish(HttpResponseMessage response, bool isChallenge)
    {
        if (!response.Headers.Contains(NonceHeader) && state.Nonces.Issue(_nonces, isChallenge) is { } nonce)
        {
            response.Headers.Add(NonceHeader, nonce);
        }

        // RFC 9449 section 8.2: a nonce from a cache would be a stale one.
        if (!_received.Accepted || response.Headers.Contains(NonceHeader))
        {
            response.Headers.CacheControl ??= new CacheControlHeaderValue();
            response.Headers.CacheControl.NoStore = true;
        }

        response.Headers.Date = _now;
        response.RequestMessage = request;
        _received.StatusCode = response.StatusCode;
        return response;
    }

    // A server that refuses before it asks for the body never gets it (RFC 9110 section 10.1.1).
    private Task ReadBodyUnlessExpectedAsync() => request.Headers.ExpectContinue == true ? Task.CompletedTask : ReadBodyAsync();

    private async Task ReadBodyAsync()
    {
        using MemoryStream body = new();

        // Not ReadAsByteArray: it buffers inside the content, and a one-shot body would then pass for a replayable one.
        if (request.Content is { } content && isAsync)
        {
            await content.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            request.Content?.CopyTo(body, null, cancellationToken);
        }

        _received.BodyBytes = body.ToArray();
    }

    private async Task<OperationCanceledException> CancelledAsync()
    {
        if (isAsync)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else
        {
            cancellationToken.WaitHandle.WaitOne();
        }

        return new OperationCanceledException(cancellationToken);
    }

    private static HttpRequestException LostConnection()
    {
        IOException reset = new("The connection was reset by a scripted fault.", new SocketException((int)SocketError.ConnectionReset));
        return new HttpRequestException(HttpRequestError.Unknown, "The request failed: its connection was lost.", reset);
    }
}
