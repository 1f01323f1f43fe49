using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.TokenProcess;

/// <summary>What became of some calls, one after the other: how many went well, how long the slowest took, and what went wrong first.</summary>
internal sealed record Outcome(int Succeeded, long SlowestMilliseconds, string Fault)
{
    public static async Task<Outcome> OfAsync(IServiceProvider provider, int calls)
    {
        int succeeded = 0;
        long slowest = 0;
        string? fault = null;
        for (int i = 0; i < calls; i++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            try
            {
                await provider.GetRequiredService<ResourceClient>().GetAsync();
                succeeded++;
            }
            catch (Exception exception)
            {
                fault ??= exception.ToString().ReplaceLineEndings(" ");
            }

            slowest = Math.Max(slowest, watch.ElapsedMilliseconds);
        }

        return new Outcome(succeeded, slowest, fault ?? "none");
    }

    public override string ToString() => $"{Succeeded} {SlowestMilliseconds} {Fault}";
}
