namespace DpopHttp.Tool.Serving;

/// <summary>How the server treats nonces.</summary>
internal enum NonceMode
{
    /// <summary>It doesn't ask for any.</summary>
    Off,

    /// <summary>It demands one, which changes each minute.</summary>
    Required,

    /// <summary>Each answer brings a new one, and only the newest is accepted.</summary>
    Rotate,

    /// <summary>Each answer brings a new one, and each is accepted once.</summary>
    OneTime,

    /// <summary>It demands one and accepts none: what does the client do?</summary>
    NeverAccepted,
}
