using System.Diagnostics;
using DpopHttp.Http.Bodies;
using DpopHttp.Http.Challenges;
using DpopHttp.Nonces;
using DpopHttp.Proofs;

namespace DpopHttp.Http;

/// <summary>Sends to the handler below: SendAsync or Send.</summary>
internal delegate ValueTask<HttpResponseMessage> InnerSend(HttpRequestMessage request, bool async, CancellationToken cancellationToken);

/// <summary>One request and what it takes to get its answer from one origin: proof on, sent, answer judged, at most one replay.</summary>
internal sealed class Exchange(Outgoing outgoing, DpopKey key, ProofFactory proofs, Telemetry telemetry, InnerSend send)
{
    private readonly OriginState _origin = key.Origins[Origin.Of(outgoing.Request)];

    public async ValueTask<HttpResponseMessage> RunAsync(bool async, CancellationToken cancellationToken)
    {
        string? nonce = _origin.Nonce;
        (HttpResponseMessage response, long departure) = await SendOnceAsync(nonce, async, cancellationToken).ConfigureAwait(false);
        if (outgoing.WasMovedBelow(response))
        {
            return response;
        }

        string? fresh = await ReadChallengeAsync(response, nonce, async, cancellationToken).ConfigureAwait(false);
        if (fresh is null || !Replayable.IsReplayable(outgoing.Request.Content))
        {
            Learn(response, departure);
            return response;
        }

        telemetry.Challenged(outgoing.Request, "nonce");
        response.Dispose();
        return await ReplayAsync(fresh, departure, async, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The nonce of a challenge is kept to this replay until its answer is here: a server that takes each nonce once would refuse
    /// the replay if another request used it first.
    /// </summary>
    private async ValueTask<HttpResponseMessage> ReplayAsync(string nonce, long challengedDeparture, bool async, CancellationToken cancellationToken)
    {
        try
        {
            (HttpResponseMessage response, long departure) = await SendOnceAsync(nonce, async, cancellationToken).ConfigureAwait(false);
            if (!outgoing.WasMovedBelow(response))
            {
                Learn(response, departure);
            }

            telemetry.Replayed(outgoing.Request, "nonce", response.StatusCode);
            return response;
        }
        catch
        {
            telemetry.Replayed(outgoing.Request, "nonce", status: null);
            throw;
        }
        finally
        {
            _origin.Learn(nonce, challengedDeparture);
        }
    }

    private async ValueTask<(HttpResponseMessage Response, long Departure)> SendOnceAsync(string? nonce, bool async, CancellationToken cancellationToken)
    {
        if (outgoing.Token.WantsProof)
        {
            long began = Stopwatch.GetTimestamp();
            outgoing.Stamp(proofs.Create(key, outgoing.Request, outgoing.Token.AccessTokenHash, nonce));
            telemetry.Proved(outgoing.Request, began);
        }

        long departure = _origin.Depart();
        return (await send(outgoing.Request, async, cancellationToken).ConfigureAwait(false), departure);
    }

    /// <summary>A request without a proof of ours has nothing to put a nonce into.</summary>
    private async ValueTask<string?> ReadChallengeAsync(HttpResponseMessage response, string? sentNonce, bool async, CancellationToken cancellationToken)
    {
        if (!outgoing.Token.WantsProof)
        {
            return null;
        }

        try
        {
            return await NonceChallenge.ReadAsync(response, sentNonce, async, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private void Learn(HttpResponseMessage response, long departure)
    {
        if (Nonce.Read(response.Headers) is { } nonce)
        {
            _origin.Learn(nonce, departure);
        }
    }
}
