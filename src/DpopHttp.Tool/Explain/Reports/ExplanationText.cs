using DpopHttp.Tool.Explain.Checks;
using DpopHttp.Tool.Output;
using DpopHttp.Verification;
using Spectre.Console;

namespace DpopHttp.Tool.Explain.Reports;

/// <summary>Explanations for readers.</summary>
internal static class ExplanationText
{
    private static readonly Style Title = new(decoration: Decoration.Bold);
    private static readonly Style Quiet = new(Color.Grey);

    public static void Write(ToolConsole console, IReadOnlyList<Explanation> explanations)
    {
        for (int i = 0; i < explanations.Count; i++)
        {
            if (explanations.Count > 1)
            {
                ExplainQuestion question = explanations[i].Question;
                console.Ansi.WriteLine($"{(i > 0 ? Environment.NewLine : "")}Request {i + 1} of {explanations.Count}: {Printable.Clean($"{question.Method} {UriDifference.WithoutQuery(question.Url ?? "")}", 200)}", Title);
            }

            Write(console, explanations[i]);
        }
    }

    private static void Write(ToolConsole console, Explanation explanation)
    {
        if (explanation.Proof is not null)
        {
            WriteMembers(console, "Header", ProofMembersView.Header(explanation));
            WriteMembers(console, "Claims", ProofMembersView.Claims(explanation));
        }

        WriteChecks(console, explanation);
        foreach (CheckReport check in explanation.Checks.Where(check => check.Verdict == Verdict.Failed))
        {
            WriteFault(console, check);
        }

        foreach (string note in explanation.Checks.Where(check => check is { Verdict: Verdict.Passed, Advice: not null }).Select(check => check.Advice!).Concat(explanation.Notes))
        {
            console.Ansi.WriteLine();
            WriteIndented(console, "Note", note, new Style(Color.Yellow));
        }

        WriteSummary(console, explanation);
    }

    private static void WriteMembers(ToolConsole console, string title, IEnumerable<(string Name, string Value)> members)
    {
        Listing listing = new();
        foreach ((string name, string value) in members)
        {
            listing.Add("  " + Printable.Clean(name, 20), value);
        }

        if (!listing.IsEmpty)
        {
            console.Ansi.WriteLine(title, Title);
            listing.WriteTo(console);
        }
    }

    private static void WriteChecks(ToolConsole console, Explanation explanation)
    {
        console.Ansi.WriteLine("Checks (RFC 9449)", Title);
        TextTable table = new("", "check", "section", "found");
        foreach (CheckReport check in explanation.Checks)
        {
            (string word, Style style) = check.Verdict switch
            {
                Verdict.Passed => ("ok", new Style(Color.Green)),
                Verdict.Failed => ("FAIL", new Style(Color.Red, decoration: Decoration.Bold)),
                _ => ("-", Quiet),
            };
            table.AddRow([word, CheckNames.LabelOf(check.Check), CheckNames.ShortSectionOf(check.Check), check.Finding], style);
        }

        table.WriteTo(console);
    }

    private static void WriteFault(ToolConsole console, CheckReport check)
    {
        console.Ansi.WriteLine();
        console.Ansi.Write(new Text(CheckNames.LabelOf(check.Check), new Style(Color.Red, decoration: Decoration.Bold)));
        console.Ansi.WriteLine($"  {check.Check.GetSection()}", Quiet);
        WriteIndented(console, null, check.Finding, Style.Plain);
        if (check.Comparison is { } comparison)
        {
            int width = Math.Max(comparison.FirstName.Length, comparison.SecondName.Length) + 2;
            console.Output.WriteLine($"    {comparison.FirstName.PadRight(width)}{comparison.First}");
            console.Output.WriteLine($"    {comparison.SecondName.PadRight(width)}{comparison.Second}");
            console.Ansi.WriteLine($"    {new string(' ', width + comparison.Difference)}^", new Style(Color.Red));
        }

        if (check.Advice is { } advice)
        {
            WriteIndented(console, "What to do:", advice, new Style(Color.Aqua));
        }
    }

    private static void WriteIndented(ToolConsole console, string? label, string text, Style style)
    {
        Paragraph paragraph = new();
        if (label is not null)
        {
            paragraph.Append(label + " ", style);
        }

        paragraph.Append(text);
        console.Ansi.Write(new Padder(paragraph, new Padding(2, 0, 0, 0)));
    }

    private static void WriteSummary(ToolConsole console, Explanation explanation)
    {
        int failed = explanation.Checks.Count(check => check.Verdict == Verdict.Failed);
        int skipped = explanation.Checks.Count(check => check.Verdict == Verdict.NotChecked);
        console.Ansi.WriteLine();
        console.Ansi.Write(explanation.IsValid
            ? new Text("Nothing is wrong with the proof", new Style(Color.Green, decoration: Decoration.Bold))
            : new Text("The proof isn't valid", new Style(Color.Red, decoration: Decoration.Bold)));
        console.Ansi.WriteLine($": {explanation.Checks.Count - failed - skipped} checks passed, {failed} failed, {skipped} not made.");
    }
}
