namespace DpopHttp.Tests.Keys.Files;

/// <summary>The forms in which the library writes a key file.</summary>
public enum KeyForm
{
    Jwk,
    Passphrase,
    Protection,
}
