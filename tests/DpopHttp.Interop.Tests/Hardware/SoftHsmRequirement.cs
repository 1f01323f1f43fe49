namespace DpopHttp.Interop.Tests.Hardware;

/// <summary>Decides whether SoftHSM is there; without it tests are skipped, but fail in CI.</summary>
internal static class SoftHsmRequirement
{
    /// <summary>Where Debian's package softhsm2 has its PKCS#11 module.</summary>
    public const string Library = "/usr/lib/softhsm/libsofthsm2.so";

    public static bool IsMet { get; } = File.Exists(Library);

    /// <summary>Skips the running test when SoftHSM is missing, or fails it where CI is set to true.</summary>
    public static void Demand()
    {
        if (IsMet)
        {
            return;
        }

        const string Reason = $"{Library} was not found. Install SoftHSM: 'apt-get install softhsm2'.";
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(Reason);
        }

        Assert.Skip(Reason);
    }
}
