using DpopHttp.Verification;

namespace DpopHttp.Testing;

/// <summary>Why a request is refused. Without credentials there is no error code (RFC 6750 section 3.1).</summary>
internal sealed record Refusal(string? Error, string Description)
{
    public const string UseNonce = "use_dpop_nonce";
    public const string InvalidProof = "invalid_dpop_proof";
    public const string InvalidToken = "invalid_token";

    /// <summary>Whether it brings a nonce for another try.</summary>
    public bool IsNonceChallenge => Error == UseNonce;

    /// <summary>Whether the proof was good but used before.</summary>
    public bool IsReplay { get; private init; }

    public static Refusal Of(DpopProofResult result) => new(ErrorOf(result.FailedCheck), result.Description!)
    {
        IsReplay = result.FailedCheck == DpopProofCheck.Replay,
    };

    private static string ErrorOf(DpopProofCheck? check) => check switch
    {
        DpopProofCheck.Nonce => UseNonce,
        DpopProofCheck.KeyBinding or DpopProofCheck.Replay => InvalidToken,
        _ => InvalidProof,
    };
}
