using System.Net;

namespace DpopHttp.Http.Challenges;

/// <summary>What a refusal says.</summary>
/// <param name="Status">Its status: 400, 401 or 417.</param>
/// <param name="Nonce">The nonce that it brought, or null.</param>
/// <param name="ClockOffset">The server's time less ours, if it differs from what the proof had and is to be believed.</param>
/// <param name="Errors">The errors that its challenges and its body name.</param>
internal sealed record Refusal(HttpStatusCode Status, string? Nonce, TimeSpan? ClockOffset, IReadOnlyList<RefusalError> Errors);
