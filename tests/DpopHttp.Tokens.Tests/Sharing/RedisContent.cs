using StackExchange.Redis;

namespace DpopHttp.Tokens.Tests.Sharing;

/// <summary>What is in a Redis, as somebody sees it who may read and write there.</summary>
internal sealed class RedisContent : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _connection;
    private readonly IServer _server;

    private RedisContent(ConnectionMultiplexer connection)
    {
        _connection = connection;
        _server = connection.GetServers().Single();
        Database = connection.GetDatabase();
    }

    public IDatabase Database { get; }

    public static async Task<RedisContent> OpenAsync(RedisServer server) => new(await ConnectionMultiplexer.ConnectAsync(server.Configuration));

    public async Task<RedisKey[]> KeysAsync() => (RedisKey[])(await _server.ExecuteAsync("KEYS", "*"))!;

    /// <summary>Everything, as Redis itself would write it to a disk, with the names.</summary>
    public async Task<byte[]> DumpAsync()
    {
        List<byte> all = [];
        foreach (RedisKey key in await KeysAsync())
        {
            all.AddRange((byte[])key!);
            all.AddRange((await Database.KeyDumpAsync(key))!);
        }

        return [.. all];
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
