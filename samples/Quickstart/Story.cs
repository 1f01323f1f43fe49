using DpopHttp;
using LoopbackServers;

namespace Quickstart;

/// <summary>Tells the steps, shows what each did on the wire, and checks that it came out as it should.</summary>
internal sealed class Story(Wire wire)
{
    private string _step = "Start";
    private int _steps;
    private int _checks;

    public void Step(string title, string text)
    {
        _steps++;
        _step = $"{_steps}. {title}";
        Paper.Line();
        Paper.Line(_step);
        Paper.Paragraph("   ", text, "   ");
        wire.Take();
    }

    /// <summary>Prints the exchanges since the step began or the last call, and returns them.</summary>
    public IReadOnlyList<LoopbackExchange> Show()
    {
        IReadOnlyList<LoopbackExchange> seen = wire.Take();
        foreach (LoopbackExchange exchange in seen)
        {
            ExchangePrinter.Print(exchange);
        }

        Paper.Line();
        return seen;
    }

    public void Expect(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new StepFailedException($"this is not so: {what}");
        }

        _checks++;
        Paper.Paragraph("   [ok] ", what, "        ", ConsoleColor.DarkGreen);
    }

    /// <summary>Shows an attack: one request, refused because of <paramref name="check"/>, and the thief told so.</summary>
    public void ExpectRefusal(string check, DpopChallenge? challenge, string error, string why)
    {
        IReadOnlyList<LoopbackExchange> seen = Show();
        string? failed = seen is [{ Status: 401 } refused] ? refused.Refusal : null;
        Expect(check == failed && challenge?.Error == error, $"refused by the check {check}: {why}");
        Paper.Paragraph("        ", $"The server noted: {seen[0].Reason}", "        ");
    }

    public int End()
    {
        Paper.Line();
        Paper.Line($"All {_steps} steps came out as they should ({_checks} checks).", ConsoleColor.DarkGreen);
        return 0;
    }

    public int Fail(Exception exception)
    {
        Show();
        Paper.Paragraph("FAILED at step ", $"{_step}: {exception.Message}", "   ", ConsoleColor.DarkRed);
        return 1;
    }
}
