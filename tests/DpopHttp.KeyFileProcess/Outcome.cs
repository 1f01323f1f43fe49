namespace DpopHttp.KeyFileProcess;

/// <summary>One use of a key file, on command.</summary>
internal static class Outcome
{
    /// <summary>Prints "ready", waits for the command, and prints "ok" and the thumbprint, or the error's code and message.</summary>
    public static void Print(string path, Func<DpopKeyFile, DpopKey> use)
    {
        using Stream output = Console.OpenStandardOutput();
        using StreamWriter writer = new(output) { AutoFlush = true };
        using Stream input = Console.OpenStandardInput();
        writer.WriteLine("ready");
        input.ReadByte();
        try
        {
            using DpopKey key = use(new DpopKeyFile(path));
            writer.WriteLine($"ok {key.Thumbprint}");
        }
        catch (DpopException exception)
        {
            writer.WriteLine($"{exception.Code} {exception.Message}");
        }
    }
}
