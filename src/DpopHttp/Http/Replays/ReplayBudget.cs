namespace DpopHttp.Http.Replays;

/// <summary>
/// How often one call may still be sent again, its redirects included: once each for the clock, the token and the expectation, and once a hop for a
/// nonce, three times at most. Whatever servers answer, a call costs at most six requests more than its hops.
/// </summary>
internal struct ReplayBudget
{
    public const int NoncesPerCall = 3;

    private int _nonces;
    private bool _nonceOfHop;
    private bool _clock;
    private bool _token;
    private bool _expectation;

    public readonly bool Allows(ReplayReason reason) => reason switch
    {
        ReplayReason.Nonce => !_nonceOfHop && _nonces < NoncesPerCall,
        ReplayReason.Clock => !_clock,
        ReplayReason.Token => !_token,
        ReplayReason.Expectation => !_expectation,
        _ => false,
    };

    public void Spend(ReplayReason reason)
    {
        switch (reason)
        {
            case ReplayReason.Nonce:
                _nonces++;
                _nonceOfHop = true;
                break;
            case ReplayReason.Clock:
                _clock = true;
                break;
            case ReplayReason.Token:
                _token = true;
                break;
            case ReplayReason.Expectation:
                _expectation = true;
                break;
        }
    }

    /// <summary>A redirect leads to a server that may want a nonce of its own.</summary>
    public void BeginHop() => _nonceOfHop = false;
}
