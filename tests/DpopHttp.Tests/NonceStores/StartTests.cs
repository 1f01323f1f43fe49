using System.Net;
using DpopHttp.Testing;
using DpopHttp.Tests.Origins;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DpopHttp.Tests.NonceStores;

/// <summary>What a process that starts costs in requests on the wire, with a store that another process has filled.</summary>
public class StartTests
{
    [Theory]
    [InlineData(true, true, HttpProtocols.Http1)]
    [InlineData(true, false, HttpProtocols.Http1)]
    [InlineData(true, true, HttpProtocols.Http2)]
    [InlineData(false, true, HttpProtocols.Http1)]
    [InlineData(false, false, HttpProtocols.Http1)]
    public async Task The_second_start_costs_no_challenge_where_there_is_a_store(bool hasStore, bool async, HttpProtocols protocols)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler(), protocols);
        Shelf? store = hasStore ? new Shelf() : null;
        Version version = protocols == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        await using (StoreBench first = new(store, version: version))
        {
            await first.CallAsync(server.BaseAddress, async, times: 3);
        }

        Assert.Equal(4, server.Api.Requests.Count);
        await using StoreBench second = new(store, version: version);
        await second.CallAsync(server.BaseAddress, async, times: 3);
        Assert.Equal(hasStore ? 7 : 8, server.Api.Requests.Count);
    }

    [Theory]
    [InlineData(false, true, 100)]
    [InlineData(false, false, 100)]
    [InlineData(true, true, 101)]
    [InlineData(true, false, 101)]
    public async Task A_hundred_first_calls_at_once_cost_no_more_than_a_stored_nonce_that_is_old(bool isStale, bool async, int expected)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        Shelf store = new();
        await using (StoreBench first = new(store))
        {
            await first.CallAsync(server.BaseAddress, async);
        }

        if (isStale)
        {
            store.MakeStale();
        }

        int before = server.Api.Requests.Count;
        store.Loaded.Clear();
        await using StoreBench second = new(store);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => second.CallAsync(server.BaseAddress, async)));
        Assert.Equal(expected, server.Api.Requests.Count - before);
        Assert.Single(store.Loaded);
    }

    /// <summary>How many requests two calls without a token and then two with one cost.</summary>
    [Theory]
    [InlineData(true, false, true, 4)]
    [InlineData(true, false, false, 4)]
    [InlineData(true, true, true, 6)]
    [InlineData(false, false, true, 4)]
    [InlineData(false, true, true, 5)]
    [InlineData(false, true, false, 5)]
    public async Task Requests_with_a_token_and_without_start_with_nonces_of_their_own(bool perKind, bool isStale, bool async, int expected)
    {
        await using NonceServer server = await NonceServer.StartAsync(perKind: perKind);
        Shelf store = new();
        async Task<int> StartAsync()
        {
            int before = server.Requests;
            await using StoreBench process = new(store);
            await process.CallAsync(server.Uri, async, times: 2, token: null);
            await process.CallAsync(server.Uri, async, times: 2);
            return server.Requests - before;
        }

        await StartAsync();
        if (isStale)
        {
            server.Rotate();
        }

        Assert.Equal(expected, await StartAsync());
    }

    [Theory]
    [InlineData(NonceBound.ToNobody, false, true, 20)]
    [InlineData(NonceBound.ToNobody, false, false, 20)]
    [InlineData(NonceBound.ToNobody, true, true, 21)]
    [InlineData(NonceBound.ToKey, true, true, 40)]
    public async Task Users_with_keys_of_their_own_start_with_the_servers_nonce(NonceBound bound, bool isStale, bool async, int expected)
    {
        await using NonceServer server = await NonceServer.StartAsync(bound);
        DpopKey[] users = [.. Enumerable.Range(0, 20).Select(_ => DpopKey.Generate())];
        Shelf store = new();
        await using (StoreBench first = new(store))
        {
            await first.CallAsync(server.Uri, async, key: users[7]);
        }

        if (isStale)
        {
            server.Rotate();
        }

        int before = server.Requests;
        await using StoreBench second = new(store);
        foreach (DpopKey user in users)
        {
            await second.CallAsync(server.Uri, async, key: user);
            user.Dispose();
        }

        Assert.Equal(expected, server.Requests - before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_takes_each_nonce_once_costs_no_more_than_without_a_store(bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.OneTime });
        Shelf store = new();
        async Task<int> StartAsync(int calls)
        {
            int before = server.Api.Requests.Count;
            await using StoreBench process = new(store);
            await process.CallAsync(server.BaseAddress, async, calls);
            return server.Api.Requests.Count - before;
        }

        Assert.Equal(2, await StartAsync(1));
        Assert.Equal(1, await StartAsync(1));
        Assert.Equal(5, await StartAsync(5));

        // The second call of the process before has used what its first call left.
        Assert.Equal(6, await StartAsync(5));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_redirect_within_the_origin_starts_with_the_stored_nonce_too(bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.OnChallengeOnly });
        Shelf store = new();
        async Task<int> StartAsync()
        {
            int before = server.Api.Requests.Count;
            server.Api.Enqueue(ProtectedResourceFault.Redirect(HttpStatusCode.TemporaryRedirect, new Uri(server.BaseAddress, "/elsewhere")));
            await using StoreBench process = new(store);
            await process.CallAsync(server.BaseAddress, async);
            return server.Api.Requests.Count - before;
        }

        Assert.Equal(3, await StartAsync());
        Assert.Equal(2, await StartAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_nonce_of_one_origin_isnt_used_for_another(bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        await using ResourceServer other = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        Shelf store = new();
        await using (StoreBench first = new(store))
        {
            await first.CallAsync(server.BaseAddress, async);
        }

        await using StoreBench second = new(store);
        await second.CallAsync(other.BaseAddress, async);
        Assert.Null(other.Api.Requests[0].Nonce);
        Assert.Equal([$"{server.BaseAddress.GetLeftPart(UriPartial.Authority)} token", $"{other.BaseAddress.GetLeftPart(UriPartial.Authority)} token"], store.Saved);
    }
}
