using System.Net;
using System.Net.Sockets;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DpopHttp.Tests.Proofs;

/// <summary>htu and htm against what Kestrel read from the socket: scheme, Host field and raw target.</summary>
public class HtuOnTheWireTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("/orders")]
    [InlineData("/orders/")]
    [InlineData("/a%2Fb%20c%25d")]
    [InlineData("/a%2fb")]
    [InlineData("/%74est/%7Euser")]
    [InlineData("/caf\u00e9/\u65e5\u672c")]
    [InlineData("/a b")]
    [InlineData("/it's(1)!*;=@&+,$")]
    [InlineData("/a//b/./c/../d")]
    [InlineData("/a/%2e%2e/b")]
    [InlineData("/q?x=1&y=%20#part")]
    [InlineData("?only=query")]
    [InlineData("/[brackets]|pipe\"quote")]
    public Task The_path_is_the_one_on_the_wire(string path) => AssertSame(server => new Uri(server.BaseAddress.GetLeftPart(UriPartial.Authority) + path));

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("127.0.0.1")]
    public Task The_host_is_the_one_on_the_wire(string host) => AssertSame(server => new Uri($"http://{host}:{server.BaseAddress.Port}/x"));

    [Fact]
    public Task User_information_is_not_in_it() => AssertSame(server => new Uri($"http://user:secret@127.0.0.1:{server.BaseAddress.Port}/x"));

    [Fact]
    public Task An_IPv6_host_keeps_its_brackets() => AssertSame(server => new Uri($"http://[::1]:{server.BaseAddress.Port}/x"), IPAddress.IPv6Loopback);

    [Theory]
    [InlineData("http://b\u00fccher.example/x")]
    [InlineData("http://api.example.com/x")]
    [InlineData("http://api.example.com:80/x")]
    [InlineData("http://api.example.com:8080/x")]
    [InlineData("http://api.example.com")]
    public Task A_name_is_the_one_on_the_wire(string uri) => AssertSame(_ => new Uri(uri));

    [Theory]
    [InlineData("virtual.example")]
    [InlineData("virtual.example:80")]
    [InlineData("VIRTUAL.example:8443")]
    public Task An_overridden_Host_field_is_the_authority(string host) =>
        AssertSame(server => server.BaseAddress, configure: request => request.Headers.Host = host);

    [Theory]
    [InlineData("get")]
    [InlineData("patch")]
    [InlineData("Delete")]
    [InlineData("PROPFIND")]
    [InlineData("frobnicate")]
    public Task The_method_is_the_one_on_the_wire(string method) =>
        AssertSame(server => server.BaseAddress, configure: request => request.Method = new HttpMethod(method));

    [Fact]
    public async Task Http2_sees_the_same()
    {
        await AssertSame(
            server => new Uri(server.BaseAddress, "/caf\u00e9/%2F?q"),
            protocols: HttpProtocols.Http2,
            configure: request => (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact));
    }

    [Theory]
    [InlineData("https://api.example.com:443/x", "https://api.example.com/x")]
    [InlineData("https://api.example.com:80/x", "https://api.example.com:80/x")]
    [InlineData("wss://api.example.com/socket", "https://api.example.com/socket")]
    [InlineData("ws://api.example.com:80/socket", "http://api.example.com/socket")]
    [InlineData("HTTPS://API.Example.COM", "https://api.example.com/")]
    public void Other_schemes_follow_the_same_rules(string uri, string htu)
    {
        using DpopKey key = DpopKey.Generate();
        Assert.Equal(htu, DecodedProof.Claim(DpopProof.Create(key, HttpMethod.Get, new Uri(uri)), "htu"));
    }

    private static async Task AssertSame(
        Func<LoopbackServer, Uri> uri,
        IPAddress? address = null,
        HttpProtocols protocols = HttpProtocols.Http1,
        Action<HttpRequestMessage>? configure = null)
    {
        (string Htu, string Htm, string Proof) seen = default;
        await using LoopbackServer server = await LoopbackServer.StartAsync(
            context =>
            {
                string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
                string host = context.Request.Headers.Host.ToString();
                string authority = host.EndsWith(":80", StringComparison.Ordinal) ? host[..^3] : host;
                seen = ($"http://{authority.ToLowerInvariant()}{target.Split('?')[0]}", context.Request.Method, context.Request.Headers["DPoP"].Single()!);
                return Task.CompletedTask;
            },
            protocols,
            address);
        using DpopKey key = DpopKey.Generate();

        // Every name leads to the test's own server.
        SocketsHttpHandler primary = new()
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(address ?? IPAddress.Loopback, server.BaseAddress.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using HttpClient client = key.Client(new DpopOptions { AllowInsecureHttp = true }, primary);
        HttpRequestMessage request = new(HttpMethod.Get, uri(server));
        configure?.Invoke(request);
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.Equal(seen.Htu, DecodedProof.Claim(seen.Proof, "htu"));
        Assert.Equal(seen.Htm, DecodedProof.Claim(seen.Proof, "htm"));
    }
}
