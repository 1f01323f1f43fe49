using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace DpopHttp.Benchmarks;

/// <summary>What one request through the handler allocates, object by object: the runtime's samples name each, with its size.</summary>
internal static partial class AllocationAccount
{
    /// <param name="output">Gets a line for each object.</param>
    /// <param name="picture">The file that the account is drawn to, as SVG, or null.</param>
    /// <param name="requests">How many are looked at: the runtime takes a sample for each 100 KB or so.</param>
    public static void Run(TextWriter output, string? picture, int requests = 400_000)
    {
        using DpopKey key = DpopKey.Generate();
        using WaitingPrimary end = new(), bareEnd = new();
        using HttpMessageInvoker dpop = new(new DpopHandler(key) { InnerHandler = end }), plain = new(bareEnd);
        string field = $"DPoP {Sample.JwtToken(key)}";
        Action<HttpRequestMessage> authorize = request => request.Headers.TryAddWithoutValidation("Authorization", field);
        Dictionary<string, long> account = Take(() => end.Send(dpop, authorize), requests, out long bytes);
        Dictionary<string, long> bare = Take(() => bareEnd.Send(plain, authorize), requests, out long bareBytes);
        (string Name, long Bytes)[] rows =
        [
            ("The request without the handler", bareBytes),
            .. account.Select(one => (Name: Describe(one.Key), Bytes: one.Value - bare.GetValueOrDefault(one.Key))).Where(row => row.Bytes > 0).OrderByDescending(row => row.Bytes),
        ];
        foreach ((string name, long size) in rows)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {size:#,0} B |"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"measured: {bytes:#,0} B, accounted for: {rows.Sum(row => row.Bytes):#,0} B"));
        if (picture is not null)
        {
            File.WriteAllText(picture, AllocationPicture.Draw(rows));
        }
    }

    /// <summary>Bytes of one call by type.</summary>
    private static Dictionary<string, long> Take(Action send, int requests, out long bytesOfOne)
    {
        // Until its code is compiled as it stays.
        Repeat(send, requests / 4);
        using AllocationListener listener = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Repeat(send, requests);
        bytesOfOne = (GC.GetAllocatedBytesForCurrentThread() - before) / requests;
        List<(string Type, long Size)> samples = listener.TakeSamples();
        double bytesOfSample = (double)bytesOfOne / samples.Count;
        return samples.GroupBy(sample => sample)
            .Select(same => (same.Key.Type, Bytes: (long)Math.Round(same.Count() * bytesOfSample / same.Key.Size) * same.Key.Size))
            .GroupBy(one => one.Type)
            .ToDictionary(type => type.Key, type => type.Sum(one => one.Bytes));
    }

    private static void Repeat(Action send, int times)
    {
        for (int i = 0; i < times; i++)
        {
            send();
        }
    }

    private static string Describe(string type) => type switch
    {
        "System.String" => "Text of the proof",
        _ when type.Contains("AsyncStateMachineBox", StringComparison.Ordinal) => "State of the method that waits",
        _ => Namespaces().Replace(type, "").Replace("`2", "", StringComparison.Ordinal),
    };

    [GeneratedRegex(@"(\w+\.)+(?=\w)")]
    private static partial Regex Namespaces();

    /// <summary>Hears of a random choice of all allocations, in proportion to their bytes.</summary>
    private sealed class AllocationListener : EventListener
    {
        private const EventKeywords AllocationSampling = (EventKeywords)0x80000000000;

        private readonly List<(string Type, long Size)> _samples = [];

        public List<(string Type, long Size)> TakeSamples()
        {
            lock (_samples)
            {
                return [.. _samples];
            }
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            {
                EnableEvents(eventSource, EventLevel.Informational, AllocationSampling);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData is { EventName: "AllocationSampled", PayloadNames: { } names, Payload: { } values })
            {
                lock (_samples)
                {
                    _samples.Add(((string)values[names.IndexOf("TypeName")]!, Convert.ToInt64(values[names.IndexOf("ObjectSize")], CultureInfo.InvariantCulture)));
                }
            }
        }
    }
}
