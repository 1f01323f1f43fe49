using System.Diagnostics;
using System.Security.Claims;
using DpopHttp.Verification;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DpopHttp.AspNetCore;

/// <summary>Decides what becomes of a request whose token the scheme has accepted: by the way it came, its binding and its proof.</summary>
internal sealed class ProofGate(ProtectedScheme scheme, DpopValidation validation)
{
    private readonly HttpContext _context = validation.HttpContext;

    /// <summary>Judges by the token that was validated, see <see cref="InnerAuthentication.FindTokenAsync"/>.</summary>
    public async ValueTask JudgeAsync(Credentials credentials, string? token, ClaimsPrincipal principal)
    {
        if (credentials.Kind != CredentialKind.Dpop)
        {
            JudgeBearer(token, principal);
        }
        else if (token == credentials.Token)
        {
            await JudgeProofAsync(token!, principal).ConfigureAwait(false);
        }
        else
        {
            Refuse(
                DpopRefusalReasons.AmbiguousAuthorization,
                DpopErrors.InvalidRequest,
                "The request has another access token beside the one in the Authorization header.",
                "RFC 6750 section 2");
        }
    }

    public void Refuse(string reason, string error, string description, string section)
    {
        validation.Reason = reason;
        validation.Error = error;
        validation.Description = description;
        validation.Section = section;
    }

    /// <summary>Puts the current nonce on the answer, whatever becomes of it later.</summary>
    public void GiveNonce()
    {
        if (validation.NonceGiven is not null)
        {
            return;
        }

        string nonce = scheme.Nonces.Current;
        validation.NonceGiven = nonce;
        _context.Response.OnStarting(
            static state =>
            {
                (HttpResponse response, string nonce) = ((HttpResponse, string))state;
                response.Headers[DpopHeaders.Nonce] = nonce;
                DpopHeaders.SetNoStore(response);
                return Task.CompletedTask;
            },
            (_context.Response, nonce));
    }

    // A token that came by another way than the header, such as the query, counts as Bearer.
    private void JudgeBearer(string? token, ClaimsPrincipal principal)
    {
        if (Confirmation.IsBound(principal, token))
        {
            Refuse(
                DpopRefusalReasons.BoundTokenAsBearer,
                DpopErrors.InvalidToken,
                "The access token is bound to a key and came without the DPoP scheme.",
                "RFC 9449 section 7.2");
        }
        else if (scheme.Options.BearerTokens == DpopBearerTokens.Reject
            || _context.GetEndpoint()?.Metadata.GetMetadata<RequireDpopAttribute>() is not null)
        {
            Refuse(
                DpopRefusalReasons.BearerToken,
                DpopErrors.InvalidToken,
                "The access token came as Bearer, and only DPoP is accepted here.",
                "RFC 9449 section 7.1");
        }
        else if (token is null)
        {
            Refuse(
                DpopRefusalReasons.BoundTokenAsBearer,
                DpopErrors.InvalidToken,
                "The access token came another way than in the Authorization header, and whether it is bound to a key can't be seen.",
                "RFC 9449 section 7.2");
        }
    }

    private async ValueTask JudgeProofAsync(string token, ClaimsPrincipal principal)
    {
        if (Confirmation.ThumbprintOf(principal) is not { } thumbprint)
        {
            Refuse(
                DpopRefusalReasons.UnboundToken,
                DpopErrors.InvalidToken,
                "The access token isn't bound to a key: the principal has no cnf claim with a jkt, or several.",
                "RFC 9449 section 6");
            return;
        }

        DpopProofContext proof = CreateContext(token, thumbprint);
        long began = Stopwatch.GetTimestamp();
        try
        {
            validation.Proof = await VerifyAsync(proof).ConfigureAwait(false);
        }
        catch (Exception exception) when (!_context.RequestAborted.IsCancellationRequested)
        {
            await JudgeWithoutStoreAsync(exception, proof).ConfigureAwait(false);
        }

        if (validation.Proof is { } result)
        {
            scheme.Telemetry.Verified(scheme.Name, result, began);
            Conclude(result);
        }
    }

    private async ValueTask<DpopProofResult> VerifyAsync(DpopProofContext proof)
    {
        if (scheme.Verifier.ReplayStore is not { } store || CountedProofs.Contain(_context, store, proof))
        {
            return await scheme.VerifierWithoutStore.VerifyAsync(proof, _context.RequestAborted).ConfigureAwait(false);
        }

        DpopProofResult result = await scheme.Verifier.VerifyAsync(proof, _context.RequestAborted).ConfigureAwait(false);
        if (result.IsValid)
        {
            CountedProofs.Add(_context, store, proof);
        }

        return result;
    }

    // Whatever the store throws: nobody knows whether the proof was used before.
    private async ValueTask JudgeWithoutStoreAsync(Exception exception, DpopProofContext proof)
    {
        scheme.Telemetry.ReplayStoreFailed(scheme.Name, exception, scheme.Options.ReplayFailure);
        if (scheme.Options.ReplayFailure == DpopReplayFailure.Accept)
        {
            validation.Proof = await scheme.VerifierWithoutStore.VerifyAsync(proof, _context.RequestAborted).ConfigureAwait(false);
        }
        else
        {
            Refuse(
                DpopRefusalReasons.ReplayStore,
                DpopErrors.InvalidProof,
                "The replay store could not say whether the proof was used before.",
                "RFC 9449 section 11.1");
        }
    }

    private DpopProofContext CreateContext(string token, string thumbprint)
    {
        HttpRequest request = _context.Request;
        StringValues proofs = request.Headers[DpopHeaders.Proof];
        bool isRequired = IsNonceRequired();
        bool isUsed = isRequired || scheme.Options.Nonces != DpopNonceMode.Off;
        return new DpopProofContext(request.Method, RequestUri.Of(request, scheme.PublicOrigin), proofs!)
        {
            AccessToken = token,
            BoundThumbprint = thumbprint,
            AcceptNonce = isUsed ? AcceptNonce : null,
            IsNonceRequired = isRequired,
            NonceStandsForClock = true,
            NonceLifetime = scheme.Nonces.Lifetime,
        };
    }

    private bool IsNonceRequired() =>
        scheme.Options.Nonces == DpopNonceMode.Required
        || (_context.GetEndpoint()?.Metadata.GetOrderedMetadata<RequireDpopAttribute>() is { Count: > 0 } required
            && required.Any(attribute => attribute.NeedsNonce));

    private bool AcceptNonce(string nonce)
    {
        validation.HasNonce = scheme.Nonces.Accepts(nonce);

        // Before the client's nonce is too old for a next request, so that it is never challenged for it.
        if (validation.HasNonce && !scheme.Nonces.IsCurrent(nonce))
        {
            GiveNonce();
        }

        return validation.HasNonce;
    }

    private void Conclude(DpopProofResult result)
    {
        if (result.FailedCheck is not { } check)
        {
            validation.AcceptNonce = AcceptNonce;
            return;
        }

        Refuse(RefusalNames.ReasonOf(check), RefusalNames.ErrorOf(check), result.Description!, result.Section!);
        if (check == DpopProofCheck.Nonce)
        {
            GiveNonce();
        }
    }
}
