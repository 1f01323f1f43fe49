using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DpopHttp.Shared;
using DpopHttp.Tool.Output;
using DpopHttp.Verification;

namespace DpopHttp.Tool.Explain.Checks;

/// <summary>Item 12: the proof is for this token, and the token for this key.</summary>
internal static class TokenChecks
{
    public static CheckReport AccessTokenHash(ExplainQuestion question, JsonElement claims, SoleClaim sole)
    {
        string? hash = ProofText.Text(claims, "ath");
        if (question.Token is not { } token)
        {
            return CheckReport.Skip(DpopProofCheck.AccessTokenHash, claims.TryGetProperty("ath", out _)
                ? "The proof has ath. Give --token or --token-file to compare."
                : "No ath, which is right where no access token is sent, as at a token endpoint.");
        }

        if (sole.Verify(DpopProofCheck.AccessTokenHash).IsValid)
        {
            return CheckReport.Pass(DpopProofCheck.AccessTokenHash, "ath is the hash of the access token.");
        }

        return hash is null
            ? CheckReport.Fail(DpopProofCheck.AccessTokenHash, $"ath is {HeaderChecks.Quote(claims, "ath")}, but an access token came with the proof.",
                "Set ath to the base64url of the SHA-256 of the access token.")
            : Diagnose(hash, token);
    }

    public static CheckReport KeyBinding(ExplainQuestion question, string? thumbprint)
    {
        string? bound = question.BoundThumbprint ?? (question.Token is { } token ? JwtConfirmation.ReadThumbprint(token) : null);
        if (bound is null)
        {
            return question.Token is null ? CheckReport.Skip(DpopProofCheck.KeyBinding, "Give the access token, or --jkt with the thumbprint of its key.")
                : IsReadable(question.Token) ? CheckReport.Fail(DpopProofCheck.KeyBinding, "The access token isn't bound to a key: it has no cnf.jkt.",
                    "Send a proof with the token request as well, and ask the authorization server for DPoP: its answer then says token_type DPoP.")
                : CheckReport.Skip(DpopProofCheck.KeyBinding, "The access token can't be read here. Give --jkt with the thumbprint of its key.");
        }

        if (thumbprint is null)
        {
            return CheckReport.Skip(DpopProofCheck.KeyBinding, "The proof has no key that can be read.");
        }

        return bound == thumbprint
            ? CheckReport.Pass(DpopProofCheck.KeyBinding, "The access token is bound to the key of the proof.")
            : CheckReport.Fail(DpopProofCheck.KeyBinding,
                $"The access token is bound to another key ({Printable.Clean(bound, 60)}) than the proof's ({thumbprint}).",
                IsOtherForm(bound, thumbprint)
                    ? "Both are the same thumbprint in different encodings. cnf.jkt is base64url without padding (RFC 9449 section 6.1); the authorization server has to change."
                    : "Use the key that signed the proof of the token request. A key that is made anew at each start, or on each instance, leads to this.");
    }

    private static CheckReport Diagnose(string hash, string token)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        string expected = Base64Url.EncodeToString(digest);
        (string Finding, string Advice) found = hash switch
        {
            _ when hash.Equals(Convert.ToHexString(digest), StringComparison.OrdinalIgnoreCase) =>
                ("ath is the right hash in hexadecimal.", "Encode the 32 bytes as base64url."),
            _ when hash == Base64Url.EncodeToString(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(digest))) =>
                ("ath is the base64url of the hash in hexadecimal.", "Encode the 32 bytes of the hash, not their hexadecimal text."),
            _ when hash.TrimEnd('=').Replace('+', '-').Replace('/', '_') == expected =>
                ("ath is the right hash in base64.", "Use base64url without padding."),
            _ when hash == Base64Url.EncodeToString(digest.AsSpan(0, 16)) =>
                ("ath is the left half of the hash, as at_hash of OpenID Connect is.", "Use all 32 bytes."),
            _ when hash == token => ("ath is the access token itself.", "Set ath to the base64url of the SHA-256 of the access token."),
            _ when IsHashOf(hash, "DPoP " + token) || IsHashOf(hash, "Bearer " + token) =>
                ("ath is the hash of the whole Authorization header.", "Hash the token alone, without the scheme before it."),
            _ when IsHashOf(hash, token + "\n") || IsHashOf(hash, token + "\r\n") =>
                ("ath is the hash of the token and a line break after it.", "Take the line break away before hashing (echo -n)."),
            _ when IsHashOf(hash, $"\"{token}\"") => ("ath is the hash of the token in quotes.", "Hash the token without quotes."),
            _ when token.Contains('.') && IsHashOf(hash, token.Split('.')[1]) => ("ath is the hash of the token's payload.", "Hash the whole token as it is sent."),
            _ when Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes(token))).TrimEnd('=').Replace('+', '-').Replace('/', '_') == hash =>
                ("ath is a SHA-512 hash.", "ath is SHA-256 whatever the algorithm of the proof is."),
            _ => ($"ath is the hash of another token: it is '{Printable.Clean(hash, 60)}', and the hash of this one is '{expected}'.",
                "Make a new proof when the token is renewed, and for each token where a client has several."),
        };
        return CheckReport.Fail(DpopProofCheck.AccessTokenHash, found.Finding, found.Advice);
    }

    private static bool IsHashOf(string hash, string text) => hash == Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static bool IsReadable(string token) => token.Split('.').Length == 3 && ProofText.Read(token).Claims.EnumerateObject().Any();

    private static bool IsOtherForm(string bound, string thumbprint) =>
        bound.TrimEnd('=').Replace('+', '-').Replace('/', '_') == thumbprint
        || bound.Replace(":", "", StringComparison.Ordinal).Equals(Convert.ToHexString(Base64Url.DecodeFromChars(thumbprint)), StringComparison.OrdinalIgnoreCase);
}
