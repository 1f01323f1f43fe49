using System.Net;
using System.Net.Sockets;
using System.Text;
using DpopHttp.Tests.Support;
using DpopHttp.Tool.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tool.Tests.Proxies;

/// <summary>What the proxy takes for the address of a request, and what it makes of the address of a redirect.</summary>
public sealed class ProxyTargetTests : IAsyncLifetime
{
    private readonly ToolBench _bench = new();

    public async ValueTask InitializeAsync() => (await _bench.RunAsync("key", "new")).Succeeded();

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return default;
    }

    [Theory]
    [InlineData("CONNECT localhost:{port}", "localhost", 405)]
    [InlineData("CONNECT 127.0.0.1:{port}", "127.0.0.1", 405)]
    [InlineData("TRACE /", "127.0.0.1", 405)]
    [InlineData("OPTIONS *", "127.0.0.1", 400)]
    [InlineData("GET http://127.0.0.1:{port}/a", "127.0.0.1", 400)]
    [InlineData("GET /a", "127.0.0.1", 200)]
    [InlineData("OPTIONS /a", "127.0.0.1", 200)]
    public async Task Only_a_path_is_forwarded(string line, string host, int status)
    {
        int seen = 0;
        await using LoopbackServer api = await LoopbackServer.StartAsync(_ =>
        {
            seen++;
            return Task.CompletedTask;
        });
        await using RunningTool proxy = await _bench.StartAsync("proxy", "--to", api.BaseAddress.AbsoluteUri, "--port", "0", "--token", "t", "--no-secret");
        string port = $"{new Uri(proxy.Url).Port}";
        string answer = await SendAsync(int.Parse(port), $"{line.Replace("{port}", port, StringComparison.Ordinal)} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(status == 200 ? 1 : 0, seen);
    }

    [Theory]
    [InlineData("/v1/b?c=d#e", "{path}b?c=d#e")]
    [InlineData("/v1", "{path-}")]
    [InlineData("/v1?c=d", "{path-}?c=d")]
    [InlineData("/v10/b", "{api}/v10/b")]
    [InlineData("/", "{api}/")]
    [InlineData("b%2Fc", "{proxy}b%2Fc")]
    [InlineData("../b", "{api}/b")]
    [InlineData("{api}/v1/b", "{proxy}b")]
    [InlineData("{api}/v1", "{proxy-}")]
    [InlineData("{api}/v10", "{api}/v10")]
    [InlineData("http://127.0.0.1:1/v1/b", "http://127.0.0.1:1/v1/b")]
    [InlineData("https://other.example/v1/b", "https://other.example/v1/b")]
    [InlineData("//other.example/v1/b", "//other.example/v1/b")]
    public async Task A_redirect_below_the_path_of_the_API_leads_to_the_proxy(string location, string expected)
    {
        string origin = "";
        await using LoopbackServer api = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.Location = location.Replace("{api}", origin, StringComparison.Ordinal);
            context.Response.StatusCode = context.Request.Path == "/v1/a" ? StatusCodes.Status302Found : StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        origin = api.BaseAddress.GetLeftPart(UriPartial.Authority);
        await using RunningTool proxy = await _bench.StartAsync("proxy", "--to", origin + "/v1/", "--port", "0", "--token", "t");
        using HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
        using HttpResponseMessage response = await client.GetAsync(new Uri(proxy.Url + "a"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        string path = new Uri(proxy.Url).AbsolutePath;
        Assert.Equal(
            expected.Replace("{proxy}", proxy.Url, StringComparison.Ordinal).Replace("{proxy-}", proxy.Url.TrimEnd('/'), StringComparison.Ordinal)
                .Replace("{path}", path, StringComparison.Ordinal).Replace("{path-}", path.TrimEnd('/'), StringComparison.Ordinal)
                .Replace("{api}", origin, StringComparison.Ordinal),
            Assert.Single(response.Headers.GetValues("Location")));
    }

    private static async Task<string> SendAsync(int port, string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
