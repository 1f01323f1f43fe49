using System.Net;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Probing;

/// <summary>Sends the requests of the rows, two for each at most, and judges the answers.</summary>
internal sealed class Prober(HttpClient client, ProofForge forge, ProbeFacts request, TimeProvider timeProvider)
{
    private const string TooManyRequests = "answered with 429: the API limits requests";

    private string? _nonce;
    private bool _demandsNonce;

    /// <summary>Whether the API let nobody try it.</summary>
    public static bool WasLimited(Finding finding) => finding.Text == TooManyRequests;

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        ProbeAnswer good = await SendAsync(new ProbeRow("", "", "", (maker, facts) => [maker.Create(facts)]), cancellationToken).ConfigureAwait(false);
        if (good.Location is { } location)
        {
            throw new ToolException(
                $"A right proof is redirected ({(int)good.Status}) to {Printable.Clean(location, 200)}, so there is nothing to compare with. Give the URL that answers itself.");
        }

        if (!good.IsAccepted)
        {
            throw new ToolException(
                $"A right proof is answered {(int)good.Status}{(good.Error is { } error ? $" ({Printable.Clean(error, 60)})" : "")}, so there is nothing to compare with. Give a token that the API accepts, bound to this key; 'dpop call -v' shows more.");
        }

        List<Finding> findings = [];
        ProbeAnswer? refusal = null;
        foreach (ProbeRow row in ProbeRows.All)
        {
            if (row.NeedsNonce && !_demandsNonce)
            {
                findings.Add(new Finding(row.Id, row.Name, row.Section, null, "The API demands no nonces."));
                continue;
            }

            ProbeAnswer answer = await SendAsync(row, cancellationToken).ConfigureAwait(false);
            refusal ??= answer is { Status: HttpStatusCode.Unauthorized } ? answer : null;
            findings.Add(Judge(row, answer));
        }

        findings.Add(JudgeChallenge(refusal));
        return findings;
    }

    private Finding Judge(ProbeRow row, ProbeAnswer answer)
    {
        string status = ((int)answer.Status).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return answer.Status == HttpStatusCode.TooManyRequests ? new Finding(row.Id, row.Name, row.Section, null, TooManyRequests)
            : row.IsTwice && !answer.IsSecond ? new Finding(row.Id, row.Name, row.Section, null, $"The first use was refused with {status}.")
            : row.IsGood
            ? new Finding(row.Id, row.Name, row.Section, answer.IsAccepted, answer.IsAccepted ? "accepted" : $"refused with {status}, and must be accepted")
            : (int)answer.Status >= 500 ? new Finding(row.Id, row.Name, row.Section, false, $"answered with {status}: the API fails at it in place of refusing it")
            : !answer.IsAccepted ? new Finding(row.Id, row.Name, row.Section, true, $"refused with {status}")
            : row.IsExcusedByNonce && _demandsNonce ? new Finding(row.Id, row.Name, row.Section, null, "accepted, since the nonce shows that the proof is fresh")
            : new Finding(row.Id, row.Name, row.Section, false, $"accepted with {status}, and must be refused");
    }

    private static Finding JudgeChallenge(ProbeAnswer? refusal)
    {
        const string Id = "challenge", Name = "a challenge with the 401", Section = "7.1";
        return refusal is null ? new Finding(Id, Name, Section, null, "Nothing was refused with 401.")
            : refusal.HasChallenge ? new Finding(Id, Name, Section, true, "WWW-Authenticate: DPoP")
            : new Finding(Id, Name, Section, false, "The 401 has no WWW-Authenticate with the scheme DPoP, so a client can't know what is wrong.");
    }

    /// <summary>Sends once more with the nonce of a challenge, so that no row is refused for want of one.</summary>
    private async Task<ProbeAnswer> SendAsync(ProbeRow row, CancellationToken cancellationToken)
    {
        string[] proofs = Create(row);
        ProbeAnswer answer = await SendOnceAsync(row, proofs, cancellationToken).ConfigureAwait(false);
        if (answer.IsNonceChallenge && !row.NeedsNonce)
        {
            _demandsNonce = true;
            proofs = Create(row);
            answer = await SendOnceAsync(row, proofs, cancellationToken).ConfigureAwait(false);
        }

        return row.IsTwice && answer.IsAccepted ? await SendOnceAsync(row, proofs, cancellationToken).ConfigureAwait(false) with { IsSecond = true } : answer;
    }

    private string[] Create(ProbeRow row) => row.Create(forge, request with { Time = timeProvider.GetUtcNow(), Nonce = _nonce });

    private async Task<ProbeAnswer> SendOnceAsync(ProbeRow row, string[] proofs, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = new(HttpMethod.Parse(request.Method), request.Url);
        message.Headers.TryAddWithoutValidation("Authorization", $"{row.Scheme} {request.Token}");
        message.Headers.TryAddWithoutValidation("DPoP", proofs);
        using HttpResponseMessage response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.Headers.TryGetValues("DPoP-Nonce", out IEnumerable<string>? nonces) && nonces.ToArray() is [string nonce])
        {
            _nonce = nonce;
        }

        DpopChallenge? challenge = response.GetDpopChallenge();
        return new ProbeAnswer(
            response.StatusCode,
            challenge?.Error,
            response.Headers.WwwAuthenticate.Any(value => value.Scheme.Equals("DPoP", StringComparison.OrdinalIgnoreCase)),
            (int)response.StatusCode is >= 300 and < 400 ? response.Headers.Location?.OriginalString ?? "nowhere" : null);
    }

    private sealed record ProbeAnswer(HttpStatusCode Status, string? Error, bool HasChallenge, string? Location)
    {
        public bool IsAccepted => (int)Status is >= 200 and < 300;

        /// <summary>Whether it is the answer to the second use of the same headers.</summary>
        public bool IsSecond { get; init; }

        public bool IsNonceChallenge => Error == "use_dpop_nonce";
    }
}
