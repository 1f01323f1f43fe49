using Microsoft.AspNetCore.DataProtection;

namespace DpopHttp.Tests.Keys.Files;

/// <summary>Key files in each form, with ASP.NET Core Data Protection as the application's own.</summary>
internal static class KeyForms
{
    public const string Passphrase = "correct horse battery staple";

    private static readonly IDataProtector Protector = CreateProtector("keys");

    public static DpopKeyProtection Protection { get; } = new(Protector.Protect, Protector.Unprotect);

    public static DpopKeyFile File(this KeyForm form, string path, string? algorithm = null) => new(path)
    {
        Algorithm = algorithm,
        Protection = form switch
        {
            KeyForm.Passphrase => DpopKeyProtection.FromPassphrase(Passphrase),
            KeyForm.Protection => Protection,
            _ => null,
        },
    };

    public static byte[] Protect(byte[] plain) => Protector.Protect(plain);

    public static byte[] Unprotect(byte[] encrypted) => Protector.Unprotect(encrypted);

    /// <summary>Each has keys of its own.</summary>
    public static IDataProtector CreateProtector(string purpose) => new EphemeralDataProtectionProvider().CreateProtector(purpose);
}
