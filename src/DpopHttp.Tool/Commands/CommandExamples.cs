using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Commands;

/// <summary>Puts examples under the help of a command.</summary>
internal static class CommandExamples
{
    public static Command WithExamples(this Command command, params string[] examples)
    {
        // The root's own stands in the help and among the suggestions.
        command.Options.Add(new HelpOption { Action = new ExampleHelp(examples), Hidden = true });
        return command;
    }

    private sealed class ExampleHelp(string[] examples) : SynchronousCommandLineAction
    {
        private readonly HelpAction _help = new();

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int code = _help.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in examples.SelectMany(ShellLines.Of))
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
            return code;
        }
    }
}
