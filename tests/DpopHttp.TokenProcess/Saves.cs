namespace DpopHttp.TokenProcess;

/// <summary>Renews a refresh token in a file for as long as it lives, as the grant does: loaded, and the next one saved, under the lock.</summary>
internal static class Saves
{
    private const string Prefix = "refresh-";

    /// <summary>Prints "ready", and each token's number once it is on disk. Ends with its input.</summary>
    public static async Task RunAsync(string path)
    {
        await using StreamWriter reports = new(Console.OpenStandardOutput()) { AutoFlush = true };
        await reports.WriteLineAsync("ready");
        _ = Task.Run(() =>
        {
            Console.OpenStandardInput().ReadByte();
            Environment.Exit(0);
        });
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InFile(path);
        while (true)
        {
            await using IAsyncDisposable? hold = await store.LockAsync(CancellationToken.None);
            DpopRefreshToken? last = await store.LoadAsync(CancellationToken.None);
            int number = last is null ? 1 : int.Parse(last.Value[Prefix.Length..], provider: null) + 1;
            await store.SaveAsync(new DpopRefreshToken($"{Prefix}{number}"), CancellationToken.None);
            await reports.WriteLineAsync($"{number}");
        }
    }
}
