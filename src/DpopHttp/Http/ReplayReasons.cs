namespace DpopHttp.Http;

/// <summary>Why a request is sent once more. Each reason counts once for a request and origin.</summary>
[Flags]
internal enum ReplayReasons
{
    None = 0,

    /// <summary>The server wants the nonce that it just gave.</summary>
    Nonce = 1,

    /// <summary>The server's clock differs from ours.</summary>
    Clock = 2,

    /// <summary>The server does not know Expect: 100-continue, which we had added.</summary>
    Expectation = 4,

    /// <summary>The server does not take the token any more, and there is another.</summary>
    Token = 8,
}
