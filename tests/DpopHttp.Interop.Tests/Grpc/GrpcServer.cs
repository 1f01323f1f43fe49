using System.Text.Json;
using DpopHttp.Interop.Tests.Servers;

namespace DpopHttp.Interop.Tests.Grpc;

/// <summary>The gRPC server of grpc-js, behind a gate that demands nonces.</summary>
internal sealed class GrpcServer : IAsyncDisposable
{
    private readonly NodeProcess _node;

    private GrpcServer(NodeProcess node) => _node = node;

    public Uri Uri => new(_node.Ready.GetProperty("url").GetString()!);

    public static async Task<GrpcServer> StartAsync(bool nonces) => new(await NodeProcess.StartAsync("grpc-server.mjs", new { nonces }));

    /// <summary>The calls that came since this was asked last, and whether each had Expect.</summary>
    public async Task<IReadOnlyList<(bool Accepted, bool Expects)>> TakeCallsAsync(bool rotate = false)
    {
        JsonElement answer = await _node.AskAsync(new { rotate });
        return [.. answer.GetProperty("calls").EnumerateArray().Select(call => (call.GetProperty("accepted").GetBoolean(), call.GetProperty("expects").GetBoolean()))];
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
