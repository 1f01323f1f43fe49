using System.Buffers;
using System.Text.Json.Nodes;
using DpopHttp.Shared;
using DpopHttp.Tool.Hosting;
using DpopHttp.Verification;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DpopHttp.Tool.Serving;

/// <summary>Every other path: a protected resource that says what it got, or why it refuses (RFC 9449 section 7).</summary>
internal sealed class Resource(TokenJudge tokens, ProofDesk proofs)
{
    private static readonly string Algorithms = $"algs=\"{string.Join(' ', DpopProofVerifier.SupportedAlgorithms)}\"";

    public async Task<Verdict> HandleAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string[] authorization = context.Request.Headers.Authorization.ToString().Split(' ', 2, StringSplitOptions.TrimEntries);
        if (authorization.Length < 2)
        {
            return Refuse(null, "The request has no access token: Authorization: DPoP and the token.", null);
        }

        string token = authorization[1];
        if (!authorization[0].Equals("DPoP", StringComparison.OrdinalIgnoreCase))
        {
            return Refuse("invalid_token", "The access token came with another scheme than DPoP. A token that is bound to a key goes with DPoP (RFC 9449 section 7.1).", null);
        }

        (JsonWebToken? read, string? problem) = await tokens.JudgeAsync(token).ConfigureAwait(false);
        if (read is null)
        {
            return Refuse("invalid_token", problem!, null);
        }

        if (JwtConfirmation.ReadThumbprint(token) is not { } thumbprint)
        {
            return Refuse("invalid_token", "The access token isn't bound to a key: it has no cnf.jkt (RFC 9449 section 6.1).", null);
        }

        DpopProofResult proof = await proofs.VerifyAsync(context, token, thumbprint, cancellationToken).ConfigureAwait(false);
        return proof.IsValid
            ? await WelcomeAsync(context, read, proof, cancellationToken).ConfigureAwait(false)
            : Refuse(proof.FailedCheck == DpopProofCheck.KeyBinding ? "invalid_token" : ProofDesk.ErrorOf(proof), proof.Description!, proof);
    }

    private static async Task<Verdict> WelcomeAsync(HttpContext context, JsonWebToken token, DpopProofResult proof, CancellationToken cancellationToken) =>
        new(StatusCodes.Status200OK, new JsonObject
        {
            ["method"] = context.Request.Method,
            ["path"] = RequestTarget.PathOf(context),
            ["client"] = token.TryGetPayloadValue("client_id", out string client) ? client : token.Subject,
            ["scope"] = token.TryGetPayloadValue("scope", out string scope) ? scope : null,
            ["thumbprint"] = proof.Thumbprint,
            ["nonce"] = proof.Nonce is not null,
            ["bytes"] = await CountAsync(context.Request.Body, cancellationToken).ConfigureAwait(false),
        });

    private static Verdict Refuse(string? error, string reason, DpopProofResult? result) =>
        Verdict.Refuse(StatusCodes.Status401Unauthorized, error ?? "unauthorized", reason, result) with
        {
            Challenge = error is null ? $"DPoP {Algorithms}" : $"DPoP error=\"{error}\", error_description=\"{Quotable(reason)}\", {Algorithms}",
        };

    /// <summary>The characters that may stand in error_description (RFC 6750 section 3).</summary>
    private static string Quotable(string text) =>
        string.Create(text.Length, text, (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = source[i] is >= ' ' and <= '~' and not '"' and not '\\' ? source[i] : '\'';
            }
        });

    private static async Task<long> CountAsync(Stream body, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            long total = 0;
            for (int count; (count = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                total += count;
            }

            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
