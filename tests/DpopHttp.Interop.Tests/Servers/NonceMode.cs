namespace DpopHttp.Interop.Tests.Servers;

/// <summary>What the authorization server does about nonces at its token, pushed authorization request and userinfo endpoints.</summary>
internal enum NonceMode
{
    /// <summary>A proof without a nonce is challenged.</summary>
    Required,

    /// <summary>A proof without a nonce is accepted, and the answer brings a nonce.</summary>
    Offered,

    /// <summary>There are no nonces, and a proof with one is refused.</summary>
    Off,
}
