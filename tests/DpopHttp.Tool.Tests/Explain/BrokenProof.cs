using DpopHttp.Verification;

namespace DpopHttp.Tool.Tests.Explain;

/// <summary>A proof with one thing wrong, and what must be said about it.</summary>
/// <param name="Proof">Makes the proof.</param>
/// <param name="Check">The first check that must fail.</param>
/// <param name="Says">What finding and advice must have between them.</param>
/// <param name="Arguments">What else is given to the command.</param>
internal sealed record BrokenProof(Func<ProofWorkshop, string> Proof, DpopProofCheck Check, string Says, params string[] Arguments);
