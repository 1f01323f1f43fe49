using DpopHttp.Tool.Tests.Support;
using DpopHttp.Tool.TokenFiles;

namespace DpopHttp.Tool.Tests.Tokens;

/// <summary>dpop token --refresh where tokens of one client for several APIs are stored.</summary>
public sealed class RefreshTests : IAsyncLifetime
{
    private const string A = "https://a.example", B = "https://b.example";

    private readonly ToolBench _bench = new();
    private RefreshServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        _server = await RefreshServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _bench.Dispose();
    }

    [Theory]
    [InlineData(A, "of-a", "new, of-b-token")]
    [InlineData(B, "of-b", "of-a-token, new")]
    public async Task The_token_of_the_API_is_renewed_and_the_other_stays(string api, string refreshToken, string expected)
    {
        _server.Store(_bench, "of-a", [A]);
        _server.Store(_bench, "of-b", [B]);
        (await RefreshAsync("--for", api + "/orders")).Succeeded();
        Assert.Equal([refreshToken], _server.Seen);
        Assert.Equal(expected, string.Join(", ", Stored().OrderBy(token => token.Origins[0], StringComparer.Ordinal).Select(token => token.AccessToken)));
    }

    [Fact]
    public async Task Without_for_it_is_an_error_where_there_are_several()
    {
        _server.Store(_bench, "of-a", [A]);
        _server.Store(_bench, "of-b", [B]);
        string error = (await RefreshAsync()).Failed().Error;
        Assert.Contains("--for", error, StringComparison.Ordinal);
        Assert.Contains(A, error, StringComparison.Ordinal);
        Assert.Contains(B, error, StringComparison.Ordinal);
        Assert.Empty(_server.Seen);
    }

    [Fact]
    public async Task Another_API_than_those_of_the_stored_tokens_is_an_error()
    {
        _server.Store(_bench, "of-a", [A]);
        Assert.Contains(B, (await RefreshAsync("--for", B)).Failed().Error, StringComparison.Ordinal);
        Assert.Contains(B, (await RefreshAsync("--for", A, "--for", B)).Failed().Error, StringComparison.Ordinal);
        Assert.Empty(_server.Seen);
    }

    [Fact]
    public async Task A_newer_token_that_cannot_be_renewed_does_not_hide_it()
    {
        _server.Store(_bench, "of-a", [A]);
        _server.Store(_bench, null, [B]);
        (await RefreshAsync()).Succeeded();
        Assert.Equal(["of-a"], _server.Seen);
    }

    [Fact]
    public async Task All_origins_and_the_scope_of_the_token_are_kept()
    {
        _server.Store(_bench, "of-a", [A, B]);
        (await RefreshAsync("--for", B)).Succeeded();
        StoredToken token = Assert.Single(Stored());
        Assert.Equal([A, B], token.Origins);
        Assert.Equal("orders", token.Scope);
        Assert.Equal("of-a", token.RefreshToken);
    }

    private Task<ToolRun> RefreshAsync(params string[] arguments) =>
        _bench.RunAsync(["token", "--issuer", _server.Issuer, "--client-id", RefreshServer.ClientId, "--refresh", .. arguments]);

    private List<StoredToken> Stored() => new StoredTokens(_bench.PathOf("key.json")).Load();
}
