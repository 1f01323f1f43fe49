using Spectre.Console;

namespace DpopHttp.Tool.Output;

/// <summary>What a command reads from and writes to: the process's own streams, or a test's.</summary>
internal sealed class ToolConsole
{
    private const int DefaultWidth = 80;

    private readonly Func<string, string?> _environment;

    public ToolConsole(
        TextWriter output, TextWriter error, TextReader input, Func<string, string?> environment, TimeProvider timeProvider, Terminal terminal)
    {
        Output = output;
        Error = error;
        Input = input;
        _environment = environment;
        TimeProvider = timeProvider;
        Terminal = terminal;
        Ansi = CreateAnsi(output, terminal.IsOutput);
        AnsiError = CreateAnsi(error, terminal.IsError);
    }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    public TextReader Input { get; }

    public TimeProvider TimeProvider { get; }

    public Terminal Terminal { get; }

    /// <summary>Standard output with tables and colours; plain text when it isn't a terminal.</summary>
    public IAnsiConsole Ansi { get; }

    /// <summary>The same for standard error.</summary>
    public IAnsiConsole AnsiError { get; }

    /// <summary>The bytes of standard output, for bodies.</summary>
    public Stream OutputStream { get; init; } = Stream.Null;

    /// <summary>The bytes of standard input, for bodies.</summary>
    public Stream InputStream { get; init; } = Stream.Null;

    /// <summary>The console of this process.</summary>
    public static ToolConsole OfProcess() => new(
        Console.Out,
        Console.Error,
        Console.In,
        Environment.GetEnvironmentVariable,
        TimeProvider.System,
        new Terminal(!Console.IsInputRedirected, !Console.IsOutputRedirected, !Console.IsErrorRedirected))
    {
        OutputStream = Console.OpenStandardOutput(),
        InputStream = Console.OpenStandardInput(),
    };

    /// <summary>An environment variable; null when it isn't set or empty.</summary>
    public string? GetVariable(string name) => _environment(name) is { Length: > 0 } value ? value : null;

    /// <summary>Says something about the work that isn't its result.</summary>
    public void Note(string message) => AnsiError.WriteLine(message, new Style(decoration: Decoration.Dim));

    /// <summary>Says that something is likely wrong.</summary>
    public void Warn(string message)
    {
        AnsiError.Write(new Text("warning: ", new Style(Color.Yellow)));
        AnsiError.WriteLine(message);
    }

    /// <summary>Says why the command failed.</summary>
    public void Fail(string message)
    {
        AnsiError.Write(new Text("dpop: ", new Style(Color.Red)));
        AnsiError.WriteLine(message);
    }

    private IAnsiConsole CreateAnsi(TextWriter writer, bool isTerminal)
    {
        bool hasColours = isTerminal && GetVariable("NO_COLOR") is null && GetVariable("TERM") is not "dumb";
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = hasColours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = hasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = Terminal.Width ?? (isTerminal ? WindowWidth() : int.MaxValue / 4);
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth is > 20 and int width ? width : DefaultWidth;
        }
        catch (Exception exception) when (exception is IOException or PlatformNotSupportedException)
        {
            return DefaultWidth;
        }
    }
}
