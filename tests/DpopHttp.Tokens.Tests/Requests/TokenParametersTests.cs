using System.Net;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.Requests;

/// <summary>Requests that want a token for something else than the client's options say.</summary>
public class TokenParametersTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_combination_has_a_token_of_its_own_that_is_kept(bool async)
    {
        await using TokenBench bench = await TokenBench.StartAsync(options =>
        {
            options.Scope = "orders";
            options.Resources.Add("https://a.example");
            (options.Parameters["tenant"], options.Parameters["audience"]) = ("none", "orders");
        });
        DpopTokenParameters[] wanted =
        [
            new() { Parameters = { ["tenant"] = "blue" } },
            new() { Scope = "orders.read" },
            new() { Resources = { "https://b.example", "https://c.example" }, Parameters = { ["more"] = "1" } },
        ];
        for (int round = 0; round < 2; round++)
        {
            (await bench.GetAsync(async)).Dispose();
            foreach (DpopTokenParameters parameters in wanted)
            {
                Assert.Equal(HttpStatusCode.OK, await GetAsync(bench, parameters, async));
            }
        }

        Assert.Equal(
            ["orders|https://a.example|none|orders|", "orders|https://a.example|blue|orders|", "orders.read|https://a.example|none|orders|", "orders|https://b.example https://c.example|none|orders|1"],
            bench.Tokens.Requests.Select(request => string.Join('|', new[] { "scope", "resource", "tenant", "audience", "more" }.Select(name => request.Form.GetValueOrDefault(name)))));
        string[] tokens = ["DPoP token-1", "DPoP token-2", "DPoP token-3", "DPoP token-4"];
        Assert.Equal([.. tokens, .. tokens], bench.Api.Authorizations);
    }

    [Fact]
    public async Task A_hundred_requests_of_ten_tenants_make_ten_token_requests_before_and_after_expiry()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        for (int round = 1; round <= 2; round++)
        {
            HttpStatusCode[] all = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => GetAsync(bench, Tenant(i % 10))));
            Assert.All(all, status => Assert.Equal(HttpStatusCode.OK, status));
            Assert.Equal(10 * round, bench.Tokens.Requests.Length);
            time.Advance(TimeSpan.FromHours(2));
        }

        Assert.All(bench.Tokens.Requests.GroupBy(request => request.Form["tenant"]), tenant => Assert.Equal(2, tenant.Count()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_that_the_API_refuses_is_replaced_by_one_for_the_same(bool async)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await GetAsync(bench, Tenant(1), async));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(bench, Tenant(2), async));
        bench.Tokens.Revoke("token-1");
        Assert.Equal(HttpStatusCode.OK, await GetAsync(bench, Tenant(1), async));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(bench, Tenant(2), async));
        Assert.Equal(["tenant-1", "tenant-2", "tenant-1"], bench.Tokens.Requests.Select(request => request.Form["tenant"]));
        Assert.Equal(["DPoP token-1", "DPoP token-2", "DPoP token-1", "DPoP token-3", "DPoP token-2"], bench.Api.Authorizations);
    }

    [Fact]
    public async Task A_tenant_that_the_server_refuses_does_not_keep_others_out_and_is_not_asked_for_with_each_call()
    {
        await using TokenBench bench = await TokenBench.StartAsync(time: new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        bench.Tokens.Instead = async context =>
        {
            if ((await context.Request.ReadFormAsync())["tenant"] != "tenant-1")
            {
                return false;
            }

            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(new { error = "invalid_target" });
            return true;
        };
        await Assert.ThrowsAsync<DpopTokenException>(() => GetAsync(bench, Tenant(1)));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(bench, Tenant(2)));
        await Assert.ThrowsAsync<DpopTokenException>(() => GetAsync(bench, Tenant(1)));
        Assert.Equal(2, bench.Tokens.Arrivals);
    }

    [Fact]
    public async Task Those_that_were_used_last_are_kept_and_no_more()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        IDpopTokens tokens = bench.Services.GetRequiredService<IDpopTokens>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 1_100), async (i, cancellation) =>
        {
            await tokens.GetAsync(TokenBench.Client, Tenant(i), cancellation);
            await tokens.GetAsync(TokenBench.Client, Tenant(0), cancellation);
        });
        Assert.Equal(1_100, bench.Tokens.Requests.Length);
        Assert.Single(bench.Tokens.Requests, request => request.Form["tenant"] == "tenant-0");
        for (int i = 1; i < 1_100; i++)
        {
            await tokens.GetAsync(TokenBench.Client, Tenant(i));
        }

        Assert.InRange(bench.Tokens.Requests.Length, 1_200, 2_199);
    }

    [Fact]
    public async Task IDpopTokens_gives_the_same_token_as_a_request_has()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        await GetAsync(bench, Tenant(1));
        IDpopTokens tokens = bench.Services.GetRequiredService<IDpopTokens>();
        Assert.Equal("token-1", (await tokens.GetAsync(TokenBench.Client, Tenant(1))).Value);
        Assert.Equal("token-2", (await tokens.GetAsync(TokenBench.Client, parameters: null)).Value);
        Assert.Equal("token-2", (await tokens.GetAsync(TokenBench.Client)).Value);
    }

    [Fact]
    public async Task They_are_looked_at_when_they_are_set_and_can_be_taken_off()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        DpopTokenParameters parameters = Tenant(1);
        using HttpClient http = bench.CreateClient();
        using HttpRequestMessage request = new(HttpMethod.Get, "orders");
        request.SetDpopTokenParameters(parameters);
        parameters.Parameters["tenant"] = "changed";
        (await http.SendAsync(request)).Dispose();
        using HttpRequestMessage plain = new(HttpMethod.Get, "orders");
        plain.SetDpopTokenParameters(parameters);
        plain.SetDpopTokenParameters(null);
        (await http.SendAsync(plain)).Dispose();
        Assert.Equal(["tenant-1", null], bench.Tokens.Requests.Select(r => r.Form.GetValueOrDefault("tenant")));
    }

    [Fact]
    public async Task A_refresh_token_gets_a_token_for_another_resource_too_and_is_rotated_once_for_each()
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory(new DpopRefreshToken("refresh-0"));
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, server) => client.AddDpopRefreshToken(options =>
            (options.TokenEndpoint, options.ClientId, options.Store, options.Scope) = (server.TokenEndpoint, "orders-cli", store, "orders")));
        int rotated = 0;
        bench.Tokens.Extras = _ => new() { ["refresh_token"] = $"refresh-{Interlocked.Increment(ref rotated)}" };
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => GetAsync(bench, i % 3 == 0 ? null : new DpopTokenParameters { Resources = { $"https://{i % 3}.example" } })));
        Assert.Equal(["refresh-0", "refresh-1", "refresh-2"], bench.Tokens.Requests.Select(request => request.Form["refresh_token"]));
        Assert.Equal(["", "https://1.example", "https://2.example"], bench.Tokens.Requests.Select(request => request.Form.GetValueOrDefault("resource") ?? "").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Where_a_token_may_go_does_not_change()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        await using OrdersApi other = await OrdersApi.StartAsync(bench.Tokens);
        using HttpClient http = bench.CreateClient();
        using HttpRequestMessage request = new(HttpMethod.Get, other.BaseAddress);
        request.SetDpopTokenParameters(Tenant(1));
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => http.SendAsync(request));
        Assert.Equal((DpopErrorCodes.OriginNotAllowed, 0, 0), (exception.Code, other.Authorizations.Length, bench.Tokens.Arrivals));
    }

    [Theory]
    [InlineData("grant_type")]
    [InlineData("scope")]
    [InlineData("resource")]
    [InlineData("refresh_token")]
    [InlineData("client_id")]
    [InlineData("client_secret")]
    [InlineData("client_assertion")]
    [InlineData("client_assertion_type")]
    [InlineData("")]
    public async Task What_every_token_request_sets_by_itself_is_an_error(string name)
    {
        DpopTokenParameters parameters = new() { Parameters = { [name] = "x" } };
        using HttpRequestMessage request = new();
        Assert.Contains(name, Assert.Throws<ArgumentException>("parameters", () => request.SetDpopTokenParameters(parameters)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("parameters", () => request.SetDpopTokenParameters(new DpopTokenParameters { Resources = { " " } }));
        await using TokenBench bench = await TokenBench.StartAsync();
        await Assert.ThrowsAsync<ArgumentException>("parameters", async () => await bench.Services.GetRequiredService<IDpopTokens>().GetAsync(TokenBench.Client, parameters));
    }

    private static DpopTokenParameters Tenant(int number) => new() { Parameters = { ["tenant"] = $"tenant-{number}" } };

    private static async Task<HttpStatusCode> GetAsync(TokenBench bench, DpopTokenParameters? parameters, bool async = true)
    {
        using HttpClient http = bench.CreateClient();
        using HttpRequestMessage request = new(HttpMethod.Get, "orders");
        request.SetDpopTokenParameters(parameters);
        using HttpResponseMessage response = await http.SendAsync(request, async);
        return response.StatusCode;
    }
}
