using System.Net;
using System.Net.Http.Json;

namespace DpopHttp.Benchmarks.Uploads;

/// <summary>The client's memory while it uploads a body that can be read once to a server that first demands a nonce nobody knew.</summary>
internal static class UploadMemory
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>How far live memory may rise above idle.</summary>
    private const double LimitMegabytes = 4;

    /// <summary>Uploads 1 GB over HTTP/1.1 and HTTP/2. False if a body is not whole or the memory is over the limit.</summary>
    public static async Task<bool> RunAsync(TextWriter log)
    {
        await using UploadServerProcess server = await UploadServerProcess.StartAsync();
        bool http1 = await MeasureAsync(server.Http1, HttpVersion.Version11, 64 * Megabyte, 1024 * Megabyte, log);
        bool http2 = await MeasureAsync(server.Http2, HttpVersion.Version20, 64 * Megabyte, 1024 * Megabyte, log);
        return http1 && http2;
    }

    /// <summary>The same with a few megabytes.</summary>
    /// <exception cref="InvalidOperationException">A body did not arrive whole.</exception>
    public static async Task TryOutAsync(TextWriter log)
    {
        await using UploadServerProcess server = await UploadServerProcess.StartAsync();
        if (!await MeasureAsync(server.Http1, HttpVersion.Version11, Megabyte, 4 * Megabyte, log)
            || !await MeasureAsync(server.Http2, HttpVersion.Version20, Megabyte, 4 * Megabyte, log))
        {
            throw new InvalidOperationException("An upload did not arrive whole, or took more memory than it may.");
        }
    }

    private static async Task<bool> MeasureAsync(Uri uri, Version version, long warmUp, long size, TextWriter log)
    {
        // The warm-up has a key of its own: what it learns of the server is not known to the upload that is measured.
        await UploadAsync(uri, version, warmUp);
        MemoryLevel idle = MemoryLevel.Measure();
        MemoryLevel peak;
        UploadReceipt receipt;
        string hash;
        using (MemoryWatch watch = new())
        {
            (receipt, hash) = await UploadAsync(uri, version, size);
            peak = watch.Peak;
        }

        double rise = (double)(peak.Heap - idle.Heap) / Megabyte;
        await log.WriteLineAsync(
            $"HTTP/{version}: {receipt.Bytes:N0} bytes, {(hash == receipt.Hash ? "whole" : "NOT WHOLE")}, {receipt.Requests} requests, "
            + $"{receipt.RefusedBytes} bytes before the 401; live heap {idle.Heap / (double)Megabyte:F2} MB idle, {rise:F2} MB more at the peak; "
            + $"working set {(peak.WorkingSet - idle.WorkingSet) / (double)Megabyte:F2} MB more.");
        return hash == receipt.Hash && receipt is { Requests: 2, RefusedBytes: 0 } && rise <= LimitMegabytes;
    }

    private static async Task<(UploadReceipt Receipt, string Hash)> UploadAsync(Uri uri, Version version, long size)
    {
        using DpopKey key = DpopKey.Generate();
        using SocketsHttpHandler primary = new() { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        using HttpClient client = new(new DpopHandler(key) { InnerHandler = primary }) { Timeout = TimeSpan.FromMinutes(5) };
        GeneratedStream body = new(size);
        using HttpRequestMessage request = new(HttpMethod.Post, uri)
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StreamContent(body),
        };
        using HttpResponseMessage response = await client.SendAsync(request);
        return ((await response.Content.ReadFromJsonAsync<UploadReceipt>())!, body.Hash);
    }
}
