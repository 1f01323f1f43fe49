using System.CommandLine;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Keys;

/// <summary>dpop key: makes and shows keys.</summary>
internal static class KeyCommand
{
    public static Command Create(ToolConsole console) => new("key", "Make a key, or show one.")
    {
        new KeyNewCommand(console).Create(),
        new KeyShowCommand(console).Create(),
    };
}
