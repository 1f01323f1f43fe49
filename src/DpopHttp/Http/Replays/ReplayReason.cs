namespace DpopHttp.Http.Replays;

/// <summary>Why a request is sent once more.</summary>
internal enum ReplayReason
{
    /// <summary>It is not: this is the first attempt.</summary>
    None,

    /// <summary>The server wants the nonce that it just gave.</summary>
    Nonce,

    /// <summary>The server's clock differs from ours.</summary>
    Clock,

    /// <summary>The server does not take the token any more, and another one can be had.</summary>
    Token,

    /// <summary>The server refuses <c>Expect: 100-continue</c>, which we had added.</summary>
    Expectation,
}
