using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace DpopHttp;

/// <summary>
/// Encrypts key files: with a passphrase, or by means of the application's own, such as ASP.NET Core Data Protection, DPAPI or a cloud's key
/// management.
/// </summary>
public sealed class DpopKeyProtection
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly Func<byte[], byte[]>? _protect;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly Func<byte[], byte[]>? _unprotect;

    /// <summary>Takes the two functions, such as <c>Protect</c> and <c>Unprotect</c> of an <c>IDataProtector</c>.</summary>
    /// <param name="protect">Encrypts, so that a change would be noticed.</param>
    /// <param name="unprotect">Undoes it, or throws.</param>
    public DpopKeyProtection(Func<byte[], byte[]> protect, Func<byte[], byte[]> unprotect)
    {
        ArgumentNullException.ThrowIfNull(protect);
        ArgumentNullException.ThrowIfNull(unprotect);
        _protect = protect;
        _unprotect = unprotect;
    }

    private DpopKeyProtection(string passphrase) => Passphrase = passphrase;

    /// <summary>Set for a file that is encrypted as PKCS#8, and null where the application's functions encrypt.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal string? Passphrase { get; }

    /// <summary>Encrypts key files with a passphrase, as PKCS#8 with PBES2 (RFC 8018 section 6.2), which OpenSSL and others can read.</summary>
    /// <param name="passphrase">The passphrase. It can't be null, so that a missing configuration value doesn't write a key in clear.</param>
    /// <exception cref="ArgumentNullException">The passphrase is null.</exception>
    /// <exception cref="ArgumentException">The passphrase is empty.</exception>
    public static DpopKeyProtection FromPassphrase(string passphrase) => passphrase switch
    {
        null => throw new ArgumentNullException(nameof(passphrase), "The passphrase is null. If it comes from configuration, the value isn't there. Without a passphrase, the key would be written in clear."),
        "" => throw new ArgumentException("The passphrase is empty. An empty passphrase protects nothing.", nameof(passphrase)),
        _ => new DpopKeyProtection(passphrase),
    };

    /// <summary>
    /// Whether both mean the same encryption. Functions are told apart by nothing but their presence: each client, and each reading of its
    /// options, may make its own for one file.
    /// </summary>
    internal static bool AreEquivalent(DpopKeyProtection? first, DpopKeyProtection? second) =>
        first is null == second is null && first?.Passphrase == second?.Passphrase;

    internal byte[] Protect(string jwk)
    {
        byte[] plain = Encoding.UTF8.GetBytes(jwk);
        try
        {
            // A copy: functions that encrypt in place return what is erased below.
            return [.. Call(_protect!, plain)];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    internal string Unprotect(byte[] encrypted)
    {
        byte[] plain = Call(_unprotect!, encrypted);
        try
        {
            return Encoding.UTF8.GetString(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static byte[] Call(Func<byte[], byte[]> function, byte[] input)
    {
        try
        {
            return function(input) ?? throw new InvalidOperationException("It returned null.");
        }
        catch (Exception exception)
        {
            throw new CryptographicException("The application's protection failed: " + exception.Message, exception);
        }
    }
}
