namespace DpopHttp.Tests.Keys.Files.Processes;

[Collection(OneByOne.Name)]
public class EightProcessesTests
{
    private const int Rounds = 50;
    private const int Processes = 8;

    [Fact]
    public async Task Eight_processes_that_start_at_once_end_with_one_key_fifty_times()
    {
        for (int round = 0; round < Rounds; round++)
        {
            await RunAsync();
        }
    }

    private static async Task RunAsync()
    {
        using KeyDirectory directory = new();
        KeyFileProgram[] processes = await Task.WhenAll(Enumerable.Range(0, Processes)
            .Select(_ => Task.Run(() => KeyFileProgram.StartAsync(KeyFileProgram.Program, ["open", directory.Key]))));
        try
        {
            foreach (KeyFileProgram process in processes)
            {
                process.Command();
            }

            string?[] outcomes = await Task.WhenAll(processes.Select(process => process.ReadLineAsync()));
            using DpopKey key = new DpopKeyFile(directory.Key).Open();
            Assert.Equal(Enumerable.Repeat($"ok {key.Thumbprint}", Processes), outcomes);
            Assert.Equal(["key", "key.lock"], directory.Names);
        }
        finally
        {
            foreach (KeyFileProgram process in processes)
            {
                process.Dispose();
            }
        }
    }
}
