using System.Net;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.RefreshTokens;

/// <summary>Tokens by a refresh token that changes with each use.</summary>
public class RefreshGrantTests
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_renewal_stores_the_next_refresh_token(bool async)
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory(new DpopRefreshToken("refresh-1"));
        await using TokenBench bench = await TokenBench.StartAsync(time: _time, addTokens: RotatingRefreshTokens.AddTo(store, options => options.Scope = "orders"));
        RotatingRefreshTokens server = RotatingRefreshTokens.At(bench.Tokens);
        for (int renewal = 1; renewal <= 5; renewal++)
        {
            using HttpResponseMessage response = await bench.GetAsync(async);
            Assert.Equal((HttpStatusCode.OK, $"DPoP token-{renewal}"), (response.StatusCode, bench.Api.Authorizations[^1]));
            DpopRefreshToken? stored = await store.LoadAsync(CancellationToken.None);
            Assert.Equal((server.Current, bench.Services.GetRequiredService<DpopKeyRing>().Get(TokenBench.Client).Thumbprint), (stored?.Value, stored?.KeyThumbprint));
            _time.Advance(TimeSpan.FromHours(2));
        }

        Assert.All(bench.Tokens.Requests, request => Assert.Equal(("refresh_token", "orders", "orders-cli"), (request.Form["grant_type"], request.Form["scope"], request.Form["client_id"])));
        Assert.False(server.IsRevoked);
    }

    [Fact]
    public async Task It_is_stored_before_the_access_token_is_used_and_one_request_renews()
    {
        Journal journal = new(new DpopRefreshToken("refresh-1"));
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: RotatingRefreshTokens.AddTo(journal));
        RotatingRefreshTokens.At(bench.Tokens);
        journal.Calls = () => bench.Api.Authorizations.Length;
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => bench.GetAsync(async: i % 10 != 0)));
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(["lock", "load", "save refresh-2 before call 1", "release"], journal.Entries);
    }

    [Fact]
    public async Task A_store_that_fails_loses_no_token_and_no_refresh_token_is_used_twice()
    {
        Journal journal = new(new DpopRefreshToken("refresh-1")) { FailsToSave = true };
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: RotatingRefreshTokens.AddTo(journal));
        RotatingRefreshTokens server = RotatingRefreshTokens.At(bench.Tokens);
        for (int i = 0; i < 3; i++)
        {
            DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
            Assert.Equal(DpopTokenErrorCodes.RefreshTokenStoreFailed, exception.Code);
            Assert.IsType<IOException>(exception.InnerException);
        }

        Assert.Empty(bench.Api.Authorizations);
        Assert.Single(bench.Tokens.Requests);
        journal.FailsToSave = false;
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((server.Current, false), ((await journal.LoadAsync(CancellationToken.None))?.Value, server.IsRevoked));
    }

    [Fact]
    public async Task A_store_that_gives_up_is_one_that_failed()
    {
        Journal journal = new(new DpopRefreshToken("refresh-1")) { SaveFault = new TaskCanceledException("The store's own time is up.") };
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: RotatingRefreshTokens.AddTo(journal));
        RotatingRefreshTokens.At(bench.Tokens);
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal(DpopTokenErrorCodes.RefreshTokenStoreFailed, exception.Code);
    }

    [Fact]
    public async Task What_a_store_throws_shows_nobody_the_refresh_token_that_it_was_given()
    {
        Journal journal = new(new DpopRefreshToken("refresh-1")) { SaveFault = new IOException("The row wasn't written.", new InvalidDataException("Key (value)=(refresh-2) is too long.")) };
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: RotatingRefreshTokens.AddTo(journal));
        RotatingRefreshTokens.At(bench.Tokens);
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal(DpopTokenErrorCodes.RefreshTokenStoreFailed, exception.Code);
        Assert.DoesNotContain("refresh-2", exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_renewal_under_way_when_the_container_ends_stores_its_refresh_token(bool async)
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory(new DpopRefreshToken("refresh-1"));
        TaskCompletionSource answer = new();
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: RotatingRefreshTokens.AddTo(store));
        RotatingRefreshTokens.At(bench.Tokens);
        bench.Tokens.Instead = async _ =>
        {
            await answer.Task;
            return false;
        };
        Task call = bench.GetAsync();
        await Eventually.IsTrueAsync(() => bench.Tokens.Arrivals == 1);
        Task end = async
            ? ((IAsyncDisposable)bench.Services).DisposeAsync().AsTask()
            : Task.Run(() => ((IDisposable)bench.Services).Dispose(), CancellationToken.None);
        await Task.WhenAny(end, Task.Delay(100, CancellationToken.None));
        answer.SetResult();
        await end;
        Assert.Equal("refresh-2", (await store.LoadAsync(CancellationToken.None))?.Value);
        await Task.WhenAny(call);
    }

    [Fact]
    public async Task A_server_that_is_slow_is_waited_for_and_gets_no_refresh_token_twice()
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory(new DpopRefreshToken("refresh-1"));
        await using TokenBench bench = await TokenBench.StartAsync(time: _time, addTokens: RotatingRefreshTokens.AddTo(store));
        RotatingRefreshTokens.At(bench.Tokens);
        TaskCompletionSource mayAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Tokens.Instead = async _ =>
        {
            await mayAnswer.Task;
            return false;
        };
        Task<HttpResponseMessage> call = bench.GetAsync();
        await Eventually.IsTrueAsync(() => bench.Tokens.Arrivals == 1);
        for (int i = 0; i < 50; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }

        mayAnswer.SetResult();
        using HttpResponseMessage response = await call;
        Assert.Equal((HttpStatusCode.OK, 1), (response.StatusCode, bench.Tokens.Arrivals));
    }

    [Fact]
    public async Task A_new_sign_in_while_the_store_failed_is_not_overwritten()
    {
        Journal journal = new(new DpopRefreshToken("refresh-1")) { FailsToSave = true };
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: RotatingRefreshTokens.AddTo(journal));
        RotatingRefreshTokens.At(bench.Tokens);
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        journal.FailsToSave = false;
        await journal.SaveAsync(new DpopRefreshToken("signed-in-again"), CancellationToken.None);
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal("invalid_grant", exception.Error);
        Assert.Equal("signed-in-again", (await journal.LoadAsync(CancellationToken.None))?.Value);
    }

    [Fact]
    public async Task Without_a_refresh_token_the_error_says_that_somebody_has_to_sign_in()
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory();
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: RotatingRefreshTokens.AddTo(store));
        RotatingRefreshTokens.At(bench.Tokens);
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal(DpopTokenErrorCodes.TokenRefused, exception.Code);
        Assert.Contains("sign in", exception.Message, StringComparison.Ordinal);

        await store.SaveAsync(new DpopRefreshToken("refresh-1"), CancellationToken.None);
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_public_clients_refresh_token_goes_on_with_its_key_after_a_rotation()
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory();
        await using TokenBench bench = await TokenBench.StartAsync(time: _time, addTokens: RotatingRefreshTokens.AddTo(store));
        RotatingRefreshTokens.At(bench.Tokens);
        DpopKeyRing ring = bench.Services.GetRequiredService<DpopKeyRing>();
        string former = ring.Get(TokenBench.Client).Thumbprint;
        await store.SaveAsync(new DpopRefreshToken("refresh-1", former), CancellationToken.None);
        (await bench.GetAsync()).Dispose();
        ring.Rotate(TokenBench.Client);
        for (int renewal = 0; renewal < 3; renewal++)
        {
            GC.Collect();
            using HttpResponseMessage response = await bench.GetAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            _time.Advance(TimeSpan.FromHours(2));
        }

        Assert.Equal(4, bench.Tokens.Requests.Length);
        Assert.All(bench.Tokens.Requests, request => Assert.Equal(former, request.Thumbprint));
    }

    [Fact]
    public async Task A_confidential_clients_refresh_token_follows_the_new_key()
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory(new DpopRefreshToken("refresh-1"));
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: RotatingRefreshTokens.AddTo(store, options => options.ClientSecret = "secret"));
        RotatingRefreshTokens.At(bench.Tokens);
        (await bench.GetAsync()).Dispose();
        string next = bench.Services.GetRequiredService<DpopKeyRing>().Rotate(TokenBench.Client).Thumbprint;
        (await bench.GetAsync()).Dispose();
        Assert.Equal(next, bench.Tokens.Requests[1].Thumbprint);
        Assert.Null((await store.LoadAsync(CancellationToken.None))?.KeyThumbprint);
    }

    [Fact]
    public async Task A_refresh_token_of_an_unknown_key_is_not_sent()
    {
        using DpopKey lost = DpopKey.Generate();
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory(new DpopRefreshToken("refresh-1", lost.Thumbprint));
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: RotatingRefreshTokens.AddTo(store));
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => bench.GetAsync());
        Assert.Equal(DpopErrorCodes.KeyMismatch, exception.Code);
        Assert.Contains(lost.Thumbprint, exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, bench.Tokens.Arrivals);
    }
}
