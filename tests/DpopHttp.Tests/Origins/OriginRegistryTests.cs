using System.Runtime.CompilerServices;
using DpopHttp.Origins;

namespace DpopHttp.Tests.Origins;

public class OriginRegistryTests
{
    [Fact]
    public void Of_100000_origins_only_as_many_stay_in_memory_as_are_remembered()
    {
        OriginRegistry registry = new();
        List<WeakReference> met = Meet(registry, 100_000);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.InRange(met.Count(origin => origin.IsAlive), OriginRegistry.Capacity, OriginRegistry.Capacity + 1);
        GC.KeepAlive(registry);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> Meet(OriginRegistry registry, int count)
    {
        List<WeakReference> met = new(count);
        for (int i = 0; i < count; i++)
        {
            OriginState origin = registry[new Origin("https", $"h{i}.example.com", 443, null)];
            origin.Learn($"nonce-{i}", "thumbprint", hasToken: true, origin.NextRequestNumber());
            met.Add(new WeakReference(origin));
        }

        return met;
    }
}
