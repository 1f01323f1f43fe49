using DpopHttp.Tool.Hosting;
using DpopHttp.Tool.Output;
using Microsoft.AspNetCore.Http;
using Spectre.Console;

namespace DpopHttp.Tool.Serving;

/// <summary>A line for each request; for a refusal a second one with the reason.</summary>
internal sealed class ExchangeLog(ToolConsole console)
{
    private readonly Lock _gate = new();

    public void Write(HttpContext context, Verdict verdict)
    {
        string request = $"{context.Request.Method} {RequestTarget.PathOf(context)}";
        lock (_gate)
        {
            console.Ansi.Write(new Text($"{verdict.Status} ", new Style(verdict.Error is null ? Color.Green : verdict.Error == "use_dpop_nonce" ? Color.Yellow : Color.Red)));
            console.Ansi.WriteLine(Printable.Clean($"{request}{(verdict.Error is { } error ? $"  {error}" : "")}"));
            if (verdict.Reason is { } reason)
            {
                console.Ansi.WriteLine(Printable.Clean($"    {reason}"));
            }

            console.Output.Flush();
        }
    }
}
