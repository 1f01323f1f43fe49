using System.Security.Cryptography;
using System.Text.Json;
using DpopHttp.Verification;

namespace DpopHttp.Tool.Explain.Checks;

/// <summary>Item 6: the signature verifies with the key in jwk.</summary>
internal static class SignatureCheck
{
    public static CheckReport Run(ProofText proof, DpopProofResult result, ProofKeys? key)
    {
        string? algorithm = ProofText.Text(proof.Header, "alg");
        bool isReached = result.FailedCheck is not { } failed || failed >= DpopProofCheck.Signature;
        bool isKnown = algorithm is not null && DpopProofVerifier.SupportedAlgorithms.Contains(algorithm);
        if (!isReached && !isKnown)
        {
            return CheckReport.Skip(DpopProofCheck.Signature, "The algorithm isn't one that can be verified.");
        }

        bool isGood = isReached
            ? result.FailedCheck != DpopProofCheck.Signature
            : key?.Verifies(algorithm!, proof.SigningInput, proof.Signature) == true;
        return isGood
            ? CheckReport.Pass(DpopProofCheck.Signature, "The signature verifies with the key in jwk.")
            : Diagnose(proof, algorithm!, key, isReached ? result.Description! : "The signature doesn't verify with the key in jwk.");
    }

    private static CheckReport Diagnose(ProofText proof, string algorithm, ProofKeys? key, string finding)
    {
        (string? found, string advice) = !proof.Header.TryGetProperty("jwk", out JsonElement jwk) || jwk.ValueKind != JsonValueKind.Object
            ? DiagnoseMissingKey(proof.Header)
            : DiagnoseKey(jwk, algorithm) ?? DiagnoseSignature(proof, algorithm, key);
        return CheckReport.Fail(DpopProofCheck.Signature, found ?? finding, advice);
    }

    private static (string? Finding, string Advice) DiagnoseMissingKey(JsonElement header)
    {
        string[] references = [.. ((string[])["kid", "x5c", "jku", "x5u", "x5t"]).Where(name => header.TryGetProperty(name, out _))];
        return header.TryGetProperty("jwk", out JsonElement jwk)
            ? ($"jwk is {(jwk.ValueKind == JsonValueKind.String ? "a string" : "no object")} and must be a JSON object.",
                "Put the public key there as an object, not as a text that has JSON in it.")
            : (references.Length > 0 ? $"There is no jwk in the header, but {string.Join(", ", references)}." : "There is no jwk in the header.",
                "Put the public key into the header as jwk: a proof brings its key along.");
    }

    private static (string? Finding, string Advice)? DiagnoseKey(JsonElement jwk, string algorithm)
    {
        foreach (string name in (string[])["x", "y", "n", "e"])
        {
            if (ProofText.Text(jwk, name) is { } text && text.AsSpan().ContainsAny("+/="))
            {
                return ($"{name} of the jwk is base64 and not base64url.", "Use base64url without padding: '-' and '_' for '+' and '/', and no '='.");
            }
        }

        int size = ProofText.Text(jwk, "crv") switch { "P-256" => 32, "P-384" => 48, "P-521" => 66, _ => 0 };
        foreach (string name in (string[])["x", "y"])
        {
            if (size > 0 && ProofText.Text(jwk, name) is { } text && ProofText.Decode(text) is { } bytes && bytes.Length != size)
            {
                return ($"{name} of the jwk has {bytes.Length} bytes; {ProofText.Text(jwk, "crv")} needs {size}.",
                    "Keep leading zeros: coordinates have a fixed length (RFC 7518 section 6.2.1.2).");
            }
        }

        string expected = algorithm[0] == 'E' ? "EC" : "RSA";
        return ProofText.Text(jwk, "kty") == expected
            ? null
            : (null, $"{algorithm} needs a key of type {expected}. Set alg to what the key signs with, or put the right key into jwk.");
    }

    private static (string? Finding, string Advice) DiagnoseSignature(ProofText proof, string algorithm, ProofKeys? key)
    {
        if (key is null)
        {
            return (null, "The jwk isn't a key that can be used. Compare its members with what the client's key has.");
        }

        if (algorithm[0] == 'E' && key.Verifies(algorithm, proof.SigningInput, proof.Signature, DSASignatureFormat.Rfc3279DerSequence))
        {
            return ("The signature is right, but encoded as DER (ASN.1).",
                "Use the two numbers r and s one after the other, each with its full length (RFC 7518 section 3.4); libraries call it IEEE P1363.");
        }

        foreach (string other in DpopProofVerifier.SupportedAlgorithms.Where(other => other != algorithm))
        {
            if (key.Verifies(other, proof.SigningInput, proof.Signature))
            {
                return ($"The proof is signed with {Method(other)}, but its alg is {algorithm}.", $"Sign with {Method(algorithm)}, or set alg to what was used if that is an algorithm of the key.");
            }
        }

        return (null, "Either the proof was changed after it was signed, or it was signed with another key than the one in jwk. Sign exactly the two encoded parts that are sent.");
    }

    private static string Method(string algorithm) => algorithm[0] switch
    {
        'E' => $"SHA-{algorithm[2..]}",
        'P' => $"RSA-PSS and SHA-{algorithm[2..]}",
        _ => $"RSA PKCS #1 v1.5 and SHA-{algorithm[2..]}",
    };
}
