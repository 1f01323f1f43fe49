using Microsoft.IdentityModel.JsonWebTokens;

namespace DpopHttp.Tests.Support;

/// <summary>Reads proofs with a JWT library that is not ours.</summary>
internal static class DecodedProof
{
    public static JsonWebToken Read(string? proof) => new(proof ?? throw new InvalidOperationException("There was no proof."));

    public static string? Claim(string? proof, string name) => Read(proof).TryGetPayloadValue(name, out string value) ? value : null;

    public static string Jti(string? proof) => Claim(proof, "jti")!;

    public static string? Nonce(string? proof) => Claim(proof, "nonce");
}
