using System.Text;

namespace DpopHttp.Tests.Keys.Files;

/// <summary>What must hold whenever a key file is refused.</summary>
internal static class Refusals
{
    /// <summary>The error names the path, and neither the file nor its directory changed but for the lock.</summary>
    public static DpopException AssertLeftAlone(KeyDirectory directory, Action use, params string[] secrets)
    {
        Dictionary<string, byte[]> before = Snapshot(directory);
        DpopException exception = Assert.Throws<DpopException>(use);
        Assert.Equal(before, Snapshot(directory));
        Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
        Assert.Contains(directory.Path, exception.Message, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, exception.ToString(), StringComparison.Ordinal));
        return exception;
    }

    private static Dictionary<string, byte[]> Snapshot(KeyDirectory directory) => directory.Names
        .Where(name => !name.EndsWith(".lock", StringComparison.Ordinal) && !Directory.Exists(directory[name]))
        .ToDictionary(name => name, name => new FileInfo(directory[name]).LinkTarget is { } link ? Encoding.UTF8.GetBytes(link) : File.ReadAllBytes(directory[name]));
}
