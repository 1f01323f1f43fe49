using DpopHttp.Verification;

namespace DpopHttp.AspNetCore;

/// <summary>Nonces by a secret.</summary>
internal sealed class SecretNonces(DpopNonces nonces) : IServerNonces
{
    public TimeSpan Lifetime => nonces.Lifetime;

    public string Current => nonces.Current;

    public bool Accepts(string nonce) => nonces.Accepts(nonce);

    public bool IsCurrent(string nonce) => nonces.IsCurrent(nonce);
}
