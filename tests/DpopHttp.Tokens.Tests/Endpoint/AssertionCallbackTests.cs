using System.Globalization;
using System.Net;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>A client whose assertions are made elsewhere.</summary>
public class AssertionCallbackTests
{
    private readonly List<DpopClientAssertionContext> _asked = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_attempt_has_one_of_its_own_however_long_it_takes_to_make(bool async)
    {
        await using TokenBench bench = await TokenBench.StartAsync(options => (options.ClientSecret, options.ClientAssertion) = (null, SignElsewhereAsync));
        List<string?> assertions = [];
        bench.Tokens.Nonce = "nonce-1";
        bench.Tokens.Instead = async context =>
        {
            IFormCollection form = await context.Request.ReadFormAsync();
            assertions.Add(form["client_assertion"]);
            Assert.Equal("client_credentials", form["grant_type"]);
            return false;
        };
        using HttpResponseMessage response = await bench.GetAsync(async);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["made.elsewhere.1", "made.elsewhere.2"], assertions);
        Assert.All(_asked, asked => Assert.Equal(("orders-worker", bench.Tokens.TokenEndpoint.AbsoluteUri), (asked.ClientId, asked.Audience)));
    }

    [Fact]
    public async Task It_is_told_the_servers_time_where_the_own_clock_is_off()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using TokenBench bench = await TokenBench.StartAsync(options => (options.ClientSecret, options.ClientAssertion) = (null, SignElsewhereAsync), time);
        bench.Tokens.Instead = async context =>
        {
            DateTimeOffset now = time.GetUtcNow() + TimeSpan.FromMinutes(10);
            context.Response.Headers.Date = now.ToString("R", CultureInfo.InvariantCulture);
            if ((_asked[^1].Time - now).Duration() < TimeSpan.FromSeconds(5))
            {
                return false;
            }

            context.Response.StatusCode = 401;
            await context.Response.WriteAsJsonAsync(new { error = "invalid_client" });
            return true;
        };
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, _asked.Count));
    }

    [Fact]
    public async Task What_it_throws_reaches_the_caller()
    {
        await using TokenBench bench = await TokenBench.StartAsync(options =>
            (options.ClientSecret, options.ClientAssertion) = (null, (_, _) => throw new InvalidOperationException("The vault is sealed.")));
        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(() => bench.GetAsync());
        Assert.Equal("The vault is sealed.", exception.Message);
        Assert.Equal(0, bench.Tokens.Arrivals);
    }

    private async ValueTask<string> SignElsewhereAsync(DpopClientAssertionContext context, CancellationToken cancellationToken)
    {
        _asked.Add(context);
        await Task.Yield();
        return $"made.elsewhere.{_asked.Count}";
    }
}
