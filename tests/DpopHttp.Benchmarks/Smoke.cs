using System.Reflection;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Running;
using DpopHttp.Benchmarks.Uploads;
using DpopHttp.Benchmarks.Verification;

namespace DpopHttp.Benchmarks;

/// <summary>Runs everything here once, in seconds: says whether it works, not how fast it is.</summary>
public static class Smoke
{
    /// <summary>Calls each benchmark once, counts costs a few times, and uploads a few megabytes.</summary>
    /// <param name="log">Gets a line for each. Default: nothing is written.</param>
    /// <exception cref="InvalidOperationException">An upload did not arrive whole.</exception>
    public static async Task RunAsync(TextWriter? log = null)
    {
        log ??= TextWriter.Null;
        foreach (BenchmarkCase benchmark in AllBenchmarks())
        {
            await RunAsync(benchmark);
            await log.WriteLineAsync(benchmark.DisplayInfo);
        }

        Costs.Run(log, turns: 1);
        VerificationCosts.Run(log, turns: 1);
        OriginCosts.Run(log, 10);
        await KeyRingCosts.RunAsync(log, 10);
        AllocationAccount.Run(log, picture: null, requests: 1_000);
        await UploadMemory.TryOutAsync(log);
    }

    private static IEnumerable<BenchmarkCase> AllBenchmarks() => typeof(Smoke).Assembly.GetTypes()
        .Where(type => type.GetMethods().Any(method => method.IsDefined(typeof(BenchmarkAttribute))))
        .SelectMany(type => BenchmarkConverter.TypeToBenchmarks(type).BenchmarksCases);

    private static async Task RunAsync(BenchmarkCase benchmark)
    {
        Descriptor descriptor = benchmark.Descriptor;
        object instance = Activator.CreateInstance(descriptor.Type)!;
        foreach (ParameterInstance parameter in benchmark.Parameters.Items)
        {
            descriptor.Type.GetProperty(parameter.Name)!.SetValue(instance, parameter.Value);
        }

        await InvokeAsync(descriptor.GlobalSetupMethod, instance);
        try
        {
            await InvokeAsync(descriptor.WorkloadMethod, instance);
        }
        finally
        {
            await InvokeAsync(descriptor.GlobalCleanupMethod, instance);
        }
    }

    private static async Task InvokeAsync(MethodInfo? method, object instance)
    {
        switch (method?.Invoke(instance, null))
        {
            case Task task:
                await task;
                break;
            case ValueTask task:
                await task;
                break;
        }
    }
}
