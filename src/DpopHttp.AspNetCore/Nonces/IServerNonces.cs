namespace DpopHttp.AspNetCore;

/// <summary>Makes and checks the nonces of a scheme, without remembering any.</summary>
internal interface IServerNonces
{
    /// <summary>How long from now on a nonce that is accepted now may be accepted.</summary>
    public TimeSpan Lifetime { get; }

    /// <summary>The nonce to hand out now.</summary>
    public string Current { get; }

    public bool Accepts(string nonce);

    /// <summary>Whether an accepted nonce is of the current step. When it isn't, the answer should bring the current one.</summary>
    public bool IsCurrent(string nonce);
}
