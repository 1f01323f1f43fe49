namespace DpopHttp.Tokens.Tests.Sharing;

/// <summary>Decides whether Redis is there; without it tests are skipped, but fail in CI.</summary>
internal static class RedisRequirement
{
    /// <summary>Where redis-server is, or null.</summary>
    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "redis-server"))
        .FirstOrDefault(File.Exists);

    /// <summary>Skips the running test when Redis is missing, or fails it where CI is set to true.</summary>
    /// <returns>The path of redis-server.</returns>
    public static string Demand()
    {
        if (Program is not null)
        {
            return Program;
        }

        const string Reason = "redis-server is not on the PATH. Install Redis: 'apt-get install redis-server'.";
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(Reason);
        }

        Assert.Skip(Reason);
        return "";
    }
}
