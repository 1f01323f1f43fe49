using System.Globalization;

namespace DpopHttp.KeyFileProcess;

/// <summary>Uses a file of nonces.</summary>
internal static class Nonces
{
    public static async Task SaveAsync(string path, string name, int count)
    {
        Console.WriteLine("ready");
        await Console.In.ReadLineAsync();
        DpopNonceStore store = DpopNonceStore.InFile(path);
        for (int i = 0; i < count; i++)
        {
            await store.SaveAsync(string.Create(CultureInfo.InvariantCulture, $"{name}-{i}"), "nonce");
        }

        Console.WriteLine("ok");
    }
}
