using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DpopHttp.Tests.Http.Redirects;

/// <summary>Redirects are followed as HttpClient follows them, each hop with a proof of its own.</summary>
public class RedirectTests
{
    public static TheoryData<string, int, string, bool> Cases
    {
        get
        {
            TheoryData<string, int, string, bool> cases = [];
            foreach (string method in (string[])["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"])
            {
                foreach (int status in (int[])[300, 301, 302, 303, 304, 305, 307, 308])
                {
                    foreach (string location in (string[])["/target", "target?x=1", "?only=query", "//{authority}/absolute", "http://{authority}/a/../b#new", "", "ftp://127.0.0.1/x", "mailto:x@example.com"])
                    {
                        cases.Add(method, status, location, (cases.Count & 1) == 0);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Within_one_origin_the_wire_is_HttpClients_but_for_token_and_proof(string method, int status, string location, bool async)
    {
        List<Seen> seen = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            seen.Add(await Seen.ReadAsync(context));
            if (context.Request.Path == "/start/here")
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = location.Replace("{authority}", context.Request.Host.Value, StringComparison.Ordinal);
            }
        });
        HttpRequestMessage Request() => new(new HttpMethod(method), new Uri(server.BaseAddress, "/start/here?q#old"))
        {
            Content = method is "GET" or "HEAD" ? null : new StringContent("body"),
            Headers = { { "Authorization", "DPoP opaque" }, { "X-Mine", "1" } },
        };
        using DpopKey key = DpopKey.Generate();
        using HttpClient plain = new(new SocketsHttpHandler());
        using HttpClient client = key.Client();
        (HttpStatusCode Status, Uri? Final, string? Error) expected = await SendAsync(plain, Request(), async);
        Seen[] plainSeen = [.. seen];
        seen.Clear();
        (HttpStatusCode Status, Uri? Final, string? Error) actual = await SendAsync(client, Request(), async);

        // A scheme that cannot be sent to is an exception in HttpClient; here the redirect is the caller's.
        if (expected.Error is null)
        {
            Assert.Equal(expected, actual);
            Assert.Equal(plainSeen.Select(s => (s.Method, s.Target, s.Body, s.Mine)), seen.Select(s => (s.Method, s.Target, s.Body, s.Mine)));
        }
        else
        {
            Assert.Equal((HttpStatusCode)status, actual.Status);
            Assert.Single(seen);
        }

        Assert.All(seen, s => Assert.Equal("DPoP opaque", s.Authorization));
        Assert.Equal(seen.Count, seen.Select(s => DecodedProof.Jti(s.Proof)).Distinct().Count());
        Assert.All(seen, s => Assert.Equal(server.BaseAddress.GetLeftPart(UriPartial.Authority) + s.Target.Split('?')[0], DecodedProof.Claim(s.Proof, "htu")));
        Assert.All(seen, s => Assert.Equal(s.Method, DecodedProof.Claim(s.Proof, "htm")));
    }

    [Theory]
    [InlineData(3, 3, HttpStatusCode.OK, 4)]
    [InlineData(4, 3, HttpStatusCode.Redirect, 4)]
    [InlineData(60, 50, HttpStatusCode.Redirect, 51)]
    public async Task The_limit_is_the_primarys(int redirects, int limit, HttpStatusCode status, int requests)
    {
        int count = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            if (count++ < redirects)
            {
                context.Response.Redirect($"/{count}");
            }

            return Task.CompletedTask;
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: new SocketsHttpHandler { MaxAutomaticRedirections = limit });
        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress);
        Assert.Equal((status, requests), (response.StatusCode, count));
    }

    [Fact]
    public async Task A_primary_that_does_not_follow_stays_so()
    {
        int count = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            count++;
            context.Response.Redirect("/x");
            return Task.CompletedTask;
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: new SocketsHttpHandler { AllowAutoRedirect = false });
        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress);
        Assert.Equal((HttpStatusCode.Redirect, 1), (response.StatusCode, count));
    }

    [Fact]
    public async Task A_primary_that_two_handlers_share_follows_for_both()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            if (context.Request.Path == "/")
            {
                context.Response.Redirect("/x");
            }

            return Task.CompletedTask;
        });
        using SocketsHttpHandler shared = new();
        using DpopKey key = DpopKey.Generate();
        for (int i = 0; i < 2; i++)
        {
            using HttpMessageInvoker client = new(new DpopHandler(key) { InnerHandler = shared }, disposeHandler: false);
            using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async: true);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_origin_gets_the_request_without_token_and_proof_and_so_does_the_way_back(bool async)
    {
        List<Seen> home = [];
        List<Seen> abroad = [];
        LoopbackServer? homeServer = null;
        await using LoopbackServer foreign = await LoopbackServer.StartAsync(async context =>
        {
            abroad.Add(await Seen.ReadAsync(context));
            context.Response.Headers["DPoP-Nonce"] = "evil";
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = new Uri(homeServer!.BaseAddress, "/back").AbsoluteUri;
        });
        await using LoopbackServer server = homeServer = await LoopbackServer.StartAsync(async context =>
        {
            home.Add(await Seen.ReadAsync(context));
            context.Response.Headers["DPoP-Nonce"] = "good";
            if (context.Request.Path == "/")
            {
                context.Response.StatusCode = 307;
                context.Response.Headers.Location = new Uri(foreign.BaseAddress, "/steal").AbsoluteUri;
            }
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        for (int i = 0; i < 2; i++)
        {
            HttpRequestMessage request = new(HttpMethod.Post, server.BaseAddress) { Content = new StringContent("body") };
            request.Headers.Authorization = new("Bearer", "opaque");
            request.Headers.Host = i == 0 ? null : $"localhost:{server.BaseAddress.Port}";
            using HttpResponseMessage response = await client.SendAsync(request, async);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("/back", response.RequestMessage!.RequestUri!.AbsolutePath);

            // The caller's request still says what the caller meant, so that a retry outside is safe.
            Assert.Equal(server.BaseAddress, request.RequestUri);
            Assert.Equal("Bearer opaque", request.Headers.Authorization.ToString());
            Assert.False(response.RequestMessage.Headers.Contains("DPoP"));
        }

        Assert.All(abroad, s => Assert.Equal((null, null, "body", foreign.BaseAddress.Authority), (s.Authorization, s.Proof, s.Body, s.Host)));
        Assert.All(home.Where(s => s.Target == "/back"), s => Assert.Equal((null, null, "body"), (s.Authorization, s.Proof, s.Body)));
        Assert.Equal(2, home.Count(s => s.Target == "/" && s.Proof is not null));
        Assert.DoesNotContain(home, s => s.Proof is not null && DecodedProof.Nonce(s.Proof) == "evil");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_redirect_from_https_to_http_is_the_callers(bool async)
    {
        int reached = 0;
        await using LoopbackServer insecure = await LoopbackServer.StartAsync(_ =>
        {
            reached++;
            return Task.CompletedTask;
        });
        using LoopbackCertificate certificate = new();
        await using LoopbackServer server = await LoopbackServer.StartAsync(
            context =>
            {
                context.Response.Redirect(insecure.BaseAddress.AbsoluteUri);
                return Task.CompletedTask;
            },
            certificate: certificate);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: certificate.CreateHandler());
        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async, "DPoP opaque");
        Assert.Equal("https", server.BaseAddress.Scheme);
        Assert.Equal((HttpStatusCode.Redirect, 0), (response.StatusCode, reached));
    }

    [Fact]
    public async Task A_nonce_that_a_redirect_brings_is_in_the_next_proof()
    {
        List<Seen> seen = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            seen.Add(await Seen.ReadAsync(context));
            context.Response.Headers["DPoP-Nonce"] = $"n{seen.Count}";
            if (context.Request.Path == "/")
            {
                context.Response.Redirect("/next");
            }
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress);
        Assert.Equal([null, "n1"], seen.Select(s => DecodedProof.Nonce(s.Proof)));
    }

    private static async Task<(HttpStatusCode Status, Uri? Final, string? Error)> SendAsync(HttpClient client, HttpRequestMessage request, bool async)
    {
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, async);
            return (response.StatusCode, response.RequestMessage!.RequestUri, null);
        }
        catch (Exception exception) when (exception is HttpRequestException or NotSupportedException)
        {
            return (default, null, exception.GetType().Name);
        }
    }
}
