using System.Security.Cryptography;
using System.Text;

namespace DpopHttp;

/// <summary>Encrypts key files by means of the application's own: ASP.NET Core Data Protection, DPAPI, a cloud's key management.</summary>
public sealed class DpopKeyProtection
{
    private readonly Func<byte[], byte[]> _protect;
    private readonly Func<byte[], byte[]> _unprotect;

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

    internal byte[] Protect(string jwk)
    {
        byte[] plain = Encoding.UTF8.GetBytes(jwk);
        try
        {
            // A copy: functions that encrypt in place return what is erased below.
            return [.. Guarded(_protect, plain)];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    internal string Unprotect(byte[] encrypted)
    {
        byte[] plain = Guarded(_unprotect, encrypted);
        try
        {
            return Encoding.UTF8.GetString(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static byte[] Guarded(Func<byte[], byte[]> function, byte[] input)
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
