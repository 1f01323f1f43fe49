using BenchmarkDotNet.Running;
using DpopHttp.Benchmarks;
using DpopHttp.Benchmarks.Uploads;
using DpopHttp.Benchmarks.Verification;

switch (args)
{
    case ["upload-memory"]:
        return await UploadMemory.RunAsync(Console.Out) ? 0 : 1;

    case [UploadServerProcess.Command]:
        await UploadServer.RunAsync();
        return 0;

    case ["replay-memory"]:
        await ReplayMemory.RunAsync(Console.Out);
        return 0;

    case ["costs"]:
        Costs.Run(Console.Out);
        VerificationCosts.Run(Console.Out);
        await KeyRingCosts.RunAsync(Console.Out);
        return 0;

    case ["--smoke"]:
        await Smoke.RunAsync(Console.Out);
        return 0;

    default:
        BenchmarkSwitcher.FromAssembly(typeof(Smoke).Assembly).Run(args, new ShortRuns());
        return 0;
}
