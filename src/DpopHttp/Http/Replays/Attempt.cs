using DpopHttp.Origins;

namespace DpopHttp.Http.Replays;

/// <summary>What one attempt on the wire went out with.</summary>
/// <param name="Reason">Why it was sent, if it was not the first.</param>
/// <param name="Nonce">The nonce in its proof.</param>
/// <param name="ClockOffset">What its proof added to our time.</param>
/// <param name="RequestNumber">Its place in time at the origin.</param>
/// <param name="HasExpectationOfOurs">Whether it had an <c>Expect: 100-continue</c> that we added.</param>
/// <param name="CanRenewToken">Whether another token can be asked for.</param>
internal readonly record struct Attempt(
    ReplayReason Reason, NonceChoice Nonce, TimeSpan ClockOffset, long RequestNumber, bool HasExpectationOfOurs, bool CanRenewToken);
