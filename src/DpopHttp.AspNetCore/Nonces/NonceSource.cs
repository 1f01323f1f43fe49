using System.Buffers.Text;
using System.Security.Cryptography;
using DpopHttp.Verification;
using Microsoft.AspNetCore.DataProtection;

namespace DpopHttp.AspNetCore;

/// <summary>Makes the nonces of schemes. Those without a secret of their own share one: a client can't know which scheme a nonce is for.</summary>
internal sealed class NonceSource(IDataProtectionProvider dataProtection)
{
    private readonly byte[] _processSecret = RandomNumberGenerator.GetBytes(DpopNonces.MinimumSecretSize);

    public IServerNonces Create(DpopAuthenticationOptions options, TimeProvider clock) => options.NonceDataProtection
        ? new ProtectedNonces(dataProtection.CreateProtector("DpopHttp.AspNetCore.Nonces.v1"), options.NonceStep, clock)
        : new SecretNonces(options.NonceIssuer ?? BySecret(options, clock));

    /// <summary>How many bytes a secret has, or null when it isn't base64.</summary>
    public static int? SizeOf(string secret) => Base64Url.IsValid(Url(secret), out int size) ? size : null;

    private DpopNonces BySecret(DpopAuthenticationOptions options, TimeProvider clock)
    {
        DpopNonces nonces = new(
            options.NonceSecret is null ? _processSecret : Base64Url.DecodeFromChars(Url(options.NonceSecret)), options.NonceStep, clock);
        if (options.OtherNonceSecret is not null)
        {
            nonces.Accept(Base64Url.DecodeFromChars(Url(options.OtherNonceSecret)));
        }

        return nonces;
    }

    // Both alphabets are in use for secrets.
    private static string Url(string base64) => base64.Replace('+', '-').Replace('/', '_').TrimEnd('=');
}
