namespace DpopHttp.Tests.Keys.Files;

/// <summary>Processes that are killed while they write key files.</summary>
[Collection(OneByOne.Name)]
public class CrashTests(ITestOutputHelper output)
{
    /// <summary>More of them by the environment variable DPOP_KILLS.</summary>
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("DPOP_KILLS"), out int kills) ? kills : 300;

    /// <summary>After how many keys at most.</summary>
    private const int Reports = 24;

    [Fact]
    public async Task After_a_kill_every_key_file_is_whole_or_not_there()
    {
        int halfDone = 0, keys = 0;
        Random random = new(Seed: Kills);
        await Parallel.ForAsync(0, Kills, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (_, _) =>
        {
            int reports;
            int spins;
            lock (random)
            {
                (reports, spins) = (random.Next(Reports), random.Next(20_000));
            }

            using KeyDirectory directory = new();
            Dictionary<string, List<string>> reported = await KillAsync(directory, reports, spins);
            if (directory.Names.Any(IsTemporary))
            {
                Interlocked.Increment(ref halfDone);
            }

            AssertWhole(directory, reported);
            Interlocked.Add(ref keys, reported.Values.Sum(thumbprints => thumbprints.Distinct().Count()));
            AssertUsable(directory);
        });
        output.WriteLine($"{Kills} kills, {halfDone} of them within a write. All {keys} keys that were reported are there, and no file is damaged.");

        // Without this the test would prove nothing.
        Assert.InRange(halfDone, Kills / 20, Kills);
    }

    /// <summary>Lets the process report some keys, kills it a moment later, and returns all that it had reported.</summary>
    private static async Task<Dictionary<string, List<string>>> KillAsync(KeyDirectory directory, int reports, int spins)
    {
        using KeyFileProcess process = await KeyFileProcess.StartAsync(KeyFileProcess.Program, ["churn", directory.Path]);
        List<string> lines = [];
        for (int i = 0; i < reports; i++)
        {
            lines.Add(await process.ReadLineAsync() ?? throw new InvalidOperationException("The process ended by itself."));
        }

        Thread.SpinWait(spins);
        await process.KillAsync();
        lines.AddRange(await process.ReadToEndAsync());
        return lines.Select(line => line.Split(' ')).Where(parts => parts is [_, { Length: 43 }])
            .GroupBy(parts => parts[0], parts => parts[1]).ToDictionary(group => group.Key, group => group.ToList());
    }

    /// <summary>As it was found: no key that was in use is lost, none is damaged.</summary>
    private static void AssertWhole(KeyDirectory directory, Dictionary<string, List<string>> reported)
    {
        string[] names = directory.Names;
        foreach (string name in names.Where(name => name.StartsWith("key-", StringComparison.Ordinal) && !name.Contains('.', StringComparison.Ordinal)))
        {
            using DpopKey key = File(directory, name).Open();
            Proofs.AssertWork(key);
        }

        foreach (string name in names.Where(name => name.EndsWith(".retired", StringComparison.Ordinal)))
        {
            string[] parts = name.Split('.');
            using DpopKey? retired = File(directory, parts[0]).Find(parts[1]);
            Proofs.AssertWork(retired!);
        }

        foreach ((string name, List<string> thumbprints) in reported)
        {
            foreach (string thumbprint in thumbprints.Distinct())
            {
                using DpopKey? key = File(directory, name).Find(thumbprint);
                Assert.Equal(thumbprint, key?.Thumbprint);
            }
        }

        Assert.Equal(names, directory.Names);
    }

    /// <summary>What the kill left does not hinder, and goes.</summary>
    private static void AssertUsable(KeyDirectory directory)
    {
        foreach (string name in directory.Names.Where(name => name.StartsWith("key-", StringComparison.Ordinal)).Select(name => name.Split('.')[0]).Distinct())
        {
            DpopKeyFile file = File(directory, name);
            using DpopKey key = file.Open();
            using DpopKey next = file.Rotate();
            using DpopKey? old = file.Find(key.Thumbprint);
            Assert.NotNull(old);
            Assert.NotEqual(key.Thumbprint, next.Thumbprint);
        }

        Assert.DoesNotContain(directory.Names, IsTemporary);
    }

    private static DpopKeyFile File(KeyDirectory directory, string name) => new(directory[name]);

    private static bool IsTemporary(string name) => name.EndsWith(".tmp", StringComparison.Ordinal);
}
