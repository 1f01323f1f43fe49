using System.Globalization;
using System.Net;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>The client's clock is minutes off, and the server takes assertions of its own time only.</summary>
public sealed class AssertionClockTests : IDisposable
{
    private readonly DpopKey _assertionKey = DpopKey.Generate();
    private readonly List<DateTimeOffset> _issued = [];

    /// <summary>The server's clock is the real one.</summary>
    private TimeSpan _serverAhead = TimeSpan.FromMinutes(10);

    public void Dispose() => _assertionKey.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_more_request_learns_the_servers_clock_and_later_ones_use_it(bool async)
    {
        FakeTimeProvider time = ClientClock();
        await using TokenBench bench = await StartAsync(time);
        using HttpResponseMessage response = await bench.GetAsync(async);
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, _issued.Count));

        time.Advance(TimeSpan.FromHours(1));
        _serverAhead += TimeSpan.FromHours(1);
        (await bench.GetAsync(async)).Dispose();
        Assert.Equal(3, _issued.Count);
    }

    [Fact]
    public async Task A_clock_that_comes_right_again_is_learnt_as_well()
    {
        FakeTimeProvider time = ClientClock();
        await using TokenBench bench = await StartAsync(time);
        (await bench.GetAsync()).Dispose();
        time.Advance(TimeSpan.FromHours(1));
        _serverAhead = time.GetUtcNow() - TimeProvider.System.GetUtcNow();
        (await bench.GetAsync()).Dispose();
        Assert.Equal(4, _issued.Count);
        Assert.InRange((_issued[^1] - time.GetUtcNow()).Duration(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_Date_that_is_further_away_than_an_hour_is_not_believed()
    {
        _serverAhead = TimeSpan.FromHours(2);
        await using TokenBench bench = await StartAsync(ClientClock());
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal(("invalid_client", 1), (exception.Error, _issued.Count));
    }

    [Fact]
    public async Task A_Date_that_does_not_help_is_not_kept()
    {
        FakeTimeProvider time = ClientClock();
        await using TokenBench bench = await StartAsync(time, accepts: false);
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        time.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());

        // Each begins with the own clock again, and tries the server's once.
        Assert.Equal(4, _issued.Count);
        Assert.InRange((_issued[2] - time.GetUtcNow()).Duration(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    private static FakeTimeProvider ClientClock() => new(TimeProvider.System.GetUtcNow());

    private async Task<TokenBench> StartAsync(FakeTimeProvider time, bool accepts = true)
    {
        TokenBench bench = await TokenBench.StartAsync(options => (options.ClientSecret, options.ClientAssertionJwk) = (null, _assertionKey.ExportPrivateJwk()), time);
        bench.Tokens.Instead = async context =>
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow() + _serverAhead;
            context.Response.Headers.Date = now.ToString("R", CultureInfo.InvariantCulture);
            JsonWebToken assertion = new((await context.Request.ReadFormAsync())["client_assertion"].Single());
            _issued.Add(assertion.IssuedAt);
            if (accepts && (now - assertion.IssuedAt).Duration() < TimeSpan.FromMinutes(1))
            {
                return false;
            }

            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await context.Response.WriteAsJsonAsync(new { error = "invalid_client" });
            return true;
        };
        return bench;
    }
}
