using System.Text;
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

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
