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
        OriginCosts.Run(Console.Out, 1_000, 10_000, 100_000);
        await KeyRingCosts.RunAsync(Console.Out, 10, 100, 1_000, 10_000);
        return 0;

    case ["account", .. string[] picture]:
        AllocationAccount.Run(Console.Out, picture.FirstOrDefault());
        return 0;

    case ["--smoke"]:
        await Smoke.RunAsync(Console.Out);
        return 0;

    default:
        BenchmarkSwitcher.FromAssembly(typeof(Smoke).Assembly).Run(args, new ShortRuns());
        return 0;
}
