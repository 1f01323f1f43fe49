using DpopHttp.Tool.Output;

namespace DpopHttp.Tool;

internal static class Program
{
    public static Task<int> Main(string[] arguments) => ToolRunner.RunAsync(arguments, ToolConsole.OfProcess());
}
