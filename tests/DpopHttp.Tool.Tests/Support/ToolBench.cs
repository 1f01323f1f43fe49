using System.Text;
using System.Text.Json.Nodes;
using DpopHttp.Tool.Output;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tool.Tests.Support;

/// <summary>Runs commands in this process, in a directory of their own.</summary>
internal sealed class ToolBench : IDisposable
{
    public ToolBench()
    {
        Folder = Directory.CreateTempSubdirectory("dpop-tool-").FullName;
        Variables["DPOP_KEY"] = PathOf("key.json");
    }

    public string Folder { get; }

    public Dictionary<string, string> Variables { get; } = [];

    public string Input { get; set; } = "";

    public FakeTimeProvider? Time { get; init; }

    public Terminal Terminal { get; set; } = new(false, false, false);

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }

    public async Task<ToolRun> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        using MemoryStream bytes = new(), input = new(Encoding.UTF8.GetBytes(Input));
        ToolConsole console = new(
            output, error, new StringReader(Input), name => Variables.GetValueOrDefault(name), Time ?? TimeProvider.System, Terminal)
        {
            OutputStream = bytes,
            InputStream = input,
        };
        int code = await ToolRunner.RunAsync(arguments, console, TestContext.Current.CancellationToken);
        return new ToolRun(code, output.ToString() + Encoding.UTF8.GetString(bytes.ToArray()), error.ToString());
    }

    /// <summary>Starts a command that runs until it is ended, and waits for the address that it prints.</summary>
    public Task<RunningTool> StartAsync(params string[] arguments)
    {
        LockedWriter output = new(), error = new();
        CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        ToolConsole console = new(
            output, error, TextReader.Null, name => Variables.GetValueOrDefault(name), Time ?? TimeProvider.System, Terminal);
        return new RunningTool(Task.Run(() => ToolRunner.RunAsync(arguments, console, end.Token)), output, error, end).WaitForUrlAsync();
    }

    /// <summary>A token of a server that 'dpop serve' runs with the client secret "s3cret", for the bench's key.</summary>
    public async Task<string> GetTokenAsync(RunningTool server)
    {
        using DpopKey key = new DpopKeyFile(PathOf("key.json")).Open();
        using HttpClient client = new(new DpopHandler(key) { InnerHandler = new SocketsHttpHandler() });
        using FormUrlEncodedContent form = new([new("grant_type", "client_credentials"), new("client_id", "demo"), new("client_secret", "s3cret")]);
        using HttpResponseMessage response = await client.PostAsync(new Uri($"{server.Origin}/token"), form, TestContext.Current.CancellationToken);
        return (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["access_token"]!;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
