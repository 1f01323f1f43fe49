using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace DpopHttp.OpenIdConnect.Sessions;

/// <summary>Encrypts what leaves the process: sessions on their way to the store, and keys that travel with a sign-in.</summary>
internal sealed class SessionSeal(IDataProtectionProvider protection)
{
    private readonly IDataProtector _sessions = protection.CreateProtector("DpopHttp.OpenIdConnect.Session.v1");
    private readonly IDataProtector _keys = protection.CreateProtector("DpopHttp.OpenIdConnect.Key.v1");

    public byte[] Protect(SessionRecord record)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(record, SessionJson.Default.SessionRecord);
        try
        {
            return _sessions.Protect(json);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(json);
        }
    }

    /// <summary>The session, or null for what isn't one, is another's, or was encrypted with keys that are gone.</summary>
    public SessionRecord? Unprotect(string id, byte[] content)
    {
        byte[]? json = null;
        try
        {
            json = _sessions.Unprotect(content);
            SessionRecord? record = JsonSerializer.Deserialize(json, SessionJson.Default.SessionRecord);
            return record?.Id == id ? record : null;
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(json);
        }
    }

    public string ProtectKey(DpopKey key) => Convert.ToBase64String(_keys.Protect(Encoding.UTF8.GetBytes(key.ExportPrivateJwk())));

    /// <exception cref="CryptographicException">It wasn't made here.</exception>
    public DpopKey UnprotectKey(string text) => DpopKey.FromJwk(Encoding.UTF8.GetString(_keys.Unprotect(Convert.FromBase64String(text))));
}
