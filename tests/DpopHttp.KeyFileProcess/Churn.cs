namespace DpopHttp.KeyFileProcess;

/// <summary>Makes and rotates keys for as long as it lives, on several threads, and reports each key once it is on disk.</summary>
internal static class Churn
{
    private const int Threads = 3;
    private const int FilesPerThread = 2;
    private const int RotationsPerTurn = 2;

    public static void Run(string directory)
    {
        using Stream output = Console.OpenStandardOutput();
        using StreamWriter writer = new(output) { AutoFlush = true };
        using TextWriter reports = TextWriter.Synchronized(writer);
        reports.WriteLine("ready");

        // Ends with whoever started it: a broken pipe alone would not be noticed.
        _ = Task.Run(() =>
        {
            using Stream input = Console.OpenStandardInput();
            input.ReadByte();
            Environment.Exit(0);
        });
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            for (int turn = 0; ; turn++)
            {
                string name = $"key-{thread}-{turn % FilesPerThread}";
                DpopKeyFile file = new(Path.Combine(directory, name));
                Report(name, file.Open());
                for (int rotation = 0; rotation < RotationsPerTurn; rotation++)
                {
                    Report(name, file.Rotate());
                }
            }
        });

        void Report(string name, DpopKey key)
        {
            using (key)
            {
                reports.WriteLine($"{name} {key.Thumbprint}");
            }
        }
    }
}
