using DpopHttp.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.AspNetCore.Tests.Rows;

/// <summary>How htu is compared, and where the API's own address comes from.</summary>
public sealed class UriRows(ApiFixture fixture) : IClassFixture<ApiFixture>, IDisposable
{
    private readonly Caller _caller = new();

    public void Dispose() => _caller.Dispose();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task HtuIgnoresQueryAndFragment(string version)
    {
        (await SendAsync(version, "/orders?a=1&b=%2F", "/orders")).AssertAccepted();
        (await SendAsync(version, "/orders", "/orders?x=1#y")).AssertAccepted();
        (await SendAsync(version, "/orders?a=/b/c", "/orders?a=1")).AssertAccepted();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task HtuSchemeAndHostCaseAndDefaultPort(string version)
    {
        await using TestApi api = await TestApi.StartAsync(options => options.PublicOrigin = new Uri("https://API.example.com"));
        foreach (string htu in (string[])["https://api.example.com/orders", "HTTPS://Api.Example.COM/orders", "https://api.example.com:443/orders"])
        {
            (await _caller.SendAsync(version, api.Origin(version) + "/orders", _caller.Proof(htu).ToString())).AssertAccepted();
        }

        foreach (string htu in (string[])["http://api.example.com/orders", "https://api.example.com:444/orders", "https://other.example.com/orders"])
        {
            (await _caller.SendAsync(version, api.Origin(version) + "/orders", _caller.Proof(htu).ToString())).AssertRefused("invalid_dpop_proof", "htu");
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task HtuPathCaseAndEscapedSlashKeptApart(string version)
    {
        string[] paths = ["/orders/a%2Fb", "/orders/a%2Bb", "/orders/a+b", "/orders/a%20b", "/orders/%C3%A9", "/orders/a%252Fb", "/orders/x(1);v='2'", "/orders//x/"];
        foreach (string path in paths)
        {
            (await SendAsync(version, path, path)).AssertAccepted();
        }

        (await SendAsync(version, "/orders/%7Ea", "/orders/~a")).AssertAccepted();
        (await SendAsync(version, "/orders/a%2fb", "/orders/a%2Fb")).AssertAccepted();
        (await SendAsync(version, "/orders/a%2Fb", "/orders/a/b")).AssertRefused("invalid_dpop_proof", "htu");
        (await SendAsync(version, "/orders/a/b", "/orders/a%2Fb")).AssertRefused("invalid_dpop_proof", "htu");
        (await SendAsync(version, "/orders", "/Orders")).AssertRefused("invalid_dpop_proof", "htu");
        (await SendAsync(version, "/orders", "/orders/")).AssertRefused("invalid_dpop_proof", "htu");
        (await SendAsync(version, "/orders/a+b", "/orders/a%2Bb")).AssertRefused("invalid_dpop_proof", "htu");
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task HtuWithPathBase(string version)
    {
        await using TestApi api = await TestApi.StartAsync(before: app => app.UsePathBase("/base"));
        foreach (string path in (string[])["/base/orders/a%2Fb", "/base/base/x", "/orders"])
        {
            string uri = api.Origin(version) + path;
            (await _caller.SendAsync(version, uri, _caller.Proof(uri).ToString())).AssertAccepted();
        }

        string other = api.Origin(version) + "/orders";
        (await _caller.SendAsync(version, api.Origin(version) + "/base/orders", _caller.Proof(other).ToString())).AssertRefused("invalid_dpop_proof", "htu");
    }

    [Theory]
    [InlineData("https://b\u00fccher.example:8443/v1/", "https://xn--bcher-kva.example:8443/v1/orders")]
    [InlineData("https://[2001:db8::1]", "https://[2001:db8::1]/orders")]
    public async Task HtuOfAPublicOriginThatIsNoPlainName(string publicOrigin, string uri)
    {
        await using TestApi api = await TestApi.StartAsync(options => options.PublicOrigin = new Uri(publicOrigin));

        (await _caller.SendAsync("1.1", api.Origin("1.1") + "/orders", _caller.Proof(uri).ToString())).AssertAccepted();
    }

    [Theory]
    [InlineData("/base", "/orders", "/v2/customers/7/orders")]
    [InlineData("/base", "/base/orders", "/v2/customers/7/orders")]
    [InlineData("", "/orders/7/lines", "/lines")]
    public async Task HtuOfAPathThatIsRewritten(string pathBase, string path, string rewritten)
    {
        await using TestApi api = await TestApi.StartAsync(before: app =>
        {
            if (pathBase.Length > 0)
            {
                app.UsePathBase(pathBase);
            }
            else
            {
                app.Use(next => context =>
                {
                    // As UseForwardedHeaders does.
                    context.Request.PathBase = "/v1";
                    return next(context);
                });
            }

            app.Use(next => context =>
            {
                // As UseRewriter does.
                context.Request.Path = rewritten;
                return next(context);
            });
        });
        string origin = api.Origin("1.1");
        string prefix = pathBase.Length > 0 ? pathBase : "/v1";

        (await _caller.SendAsync("1.1", $"{origin}{pathBase}{path}", _caller.Proof($"{origin}{prefix}{path}").ToString())).AssertAccepted();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task HtuOfForwardedSchemeHostAndPrefix(string version)
    {
        await using TestApi api = await TestApi.StartAsync(before: app => app.Use(next => context =>
        {
            // As UseForwardedHeaders does.
            context.Request.Scheme = "https";
            context.Request.Host = new("api.example.com");
            context.Request.PathBase = "/v1";
            return next(context);
        }));

        (await _caller.SendAsync(version, api.Origin(version) + "/a%2Fb", _caller.Proof("https://api.example.com/v1/a%2Fb").ToString())).AssertAccepted();
        (await _caller.SendAsync(version, api.Origin(version) + "/a", _caller.Proof("https://api.example.com/a").ToString()))
            .AssertRefused("invalid_dpop_proof", "htu");
    }

    [Theory]
    [InlineData("1.1", "/a/../b")]
    [InlineData("2.0", "/a/../b")]
    [InlineData("nginx 1.1", "/a/../b")]
    [InlineData("nginx 2.0", "/a/../b")]
    [InlineData("1.1", "/./b")]
    [InlineData("1.1", "/%2E%2e/.%2e/x/%2e/../b")]
    [InlineData("1.1", "/b/c/..")]
    public async Task HtuWithDotSegmentsUnderAForwardedPrefix(string version, string path)
    {
        await using TestApi api = await TestApi.StartAsync(before: app => app.Use(next => context =>
        {
            // As UseForwardedHeaders does.
            context.Request.PathBase = "/v1";
            return next(context);
        }));
        string origin = api.Origin(version);
        string inNormalForm = path.EndsWith('b') ? "/b" : "/b/";

        (await _caller.SendAsync(version, origin + path, _caller.Proof(origin + inNormalForm).ToString())).AssertRefused("invalid_dpop_proof", "htu");
        (await _caller.SendAsync(version, origin + path, _caller.Proof($"{origin}/v1{inNormalForm}").ToString())).AssertAccepted();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task HtuOfAPublicOriginWithAPath(string version)
    {
        await using TestApi api = await TestApi.StartAsync(options => options.PublicOrigin = new Uri("https://example.com/api/"));

        (await _caller.SendAsync(version, api.Origin(version) + "/a%2Fb", _caller.Proof("https://example.com/api/a%2Fb").ToString())).AssertAccepted();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task DotSegmentsDontLeadOutOfAPublicOriginWithAPath(string version)
    {
        await using TestApi api = await TestApi.StartAsync(options => options.PublicOrigin = new Uri("https://example.com/api"));
        string uri = api.Origin(version) + "/../b";

        (await _caller.SendAsync(version, uri, _caller.Proof("https://example.com/b").ToString())).AssertRefused("invalid_dpop_proof", "htu");
        (await _caller.SendAsync(version, uri, _caller.Proof("https://example.com/api/b").ToString())).AssertAccepted();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task HtuBehindAProxyThatEndsTls(string version)
    {
        await using TestApi knowing = await TestApi.StartAsync(before: app => app.UseForwardedHeaders(
            new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost }));
        await using TestApi ignorant = await TestApi.StartAsync();
        string uri = knowing.TlsOrigin() + "/orders/a%2Fb";
        using Caller caller = new();

        (await caller.SendAsync(version, uri, caller.Proof(uri).ToString())).AssertAccepted();
        uri = ignorant.TlsOrigin() + "/orders";
        (await caller.SendAsync(version, uri, caller.Proof(uri).ToString())).AssertRefused("invalid_dpop_proof", "htu");

        FakeLogRecord refusal = Assert.Single(ignorant.Logs.GetSnapshot(), log => log.Id.Name == "Refused");
        Assert.Contains("request is for 'http://internal.example/orders'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("something in front of this API ends TLS. Set PublicOrigin", refusal.Message, StringComparison.Ordinal);
    }

    private Task<Answer> SendAsync(string version, string path, string claimed)
    {
        string origin = fixture.Api.Origin(version);
        return _caller.SendAsync(version, origin + path, _caller.Proof(origin + claimed).ToString());
    }
}
