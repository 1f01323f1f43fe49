namespace DpopHttp;

/// <summary>The name of a client that uses DPoP, so that the key ring knows who shares a key with whom.</summary>
internal sealed record DpopClientName(string Value);
