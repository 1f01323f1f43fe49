using DpopHttp.Tests.Support;

namespace DpopHttp.Tests.Http;

public class GuardTests
{
    [Theory]
    [InlineData("http://api.example.com/", DpopErrorCodes.InsecureTransport)]
    [InlineData("ws://api.example.com/", DpopErrorCodes.InsecureTransport)]
    [InlineData("http://localhost.example.com/", DpopErrorCodes.InsecureTransport)]
    [InlineData("http://10.0.0.1/", DpopErrorCodes.InsecureTransport)]
    [InlineData("http://[2001:db8::1]/", DpopErrorCodes.InsecureTransport)]
    [InlineData("ftp://api.example.com/", DpopErrorCodes.InvalidRequestUri)]
    [InlineData("/relative", DpopErrorCodes.InvalidRequestUri)]
    [InlineData(null, DpopErrorCodes.InvalidRequestUri)]
    [InlineData("https://api.example.com/", null)]
    [InlineData("wss://api.example.com/", null)]
    [InlineData("http://localhost:5000/", null)]
    [InlineData("http://127.0.0.1/", null)]
    [InlineData("http://127.8.9.10/", null)]
    [InlineData("http://[::1]:80/", null)]
    [InlineData("http://loopback/", null)] // Uri turns the name into localhost
    [InlineData("http://[::ffff:127.0.0.1]/", null)]
    public Task Only_https_and_loopback_are_sent_to(string? uri, string? code) => AssertCode(new DpopOptions(), uri, code);

    [Fact]
    public Task AllowInsecureHttp_lets_http_through() =>
        AssertCode(new DpopOptions { AllowInsecureHttp = true }, "http://api.example.com/", null);

    [Theory]
    [InlineData("https://api.example.com/x", null)]
    [InlineData("https://API.example.com:443/x", null)]
    [InlineData("https://api.example.com:8443/x", DpopErrorCodes.OriginNotAllowed)]
    [InlineData("https://api.example.com.evil.example/", DpopErrorCodes.OriginNotAllowed)]
    [InlineData("https://evil.example/?u=https://api.example.com", DpopErrorCodes.OriginNotAllowed)]
    [InlineData("https://api.example.com@evil.example/", DpopErrorCodes.OriginNotAllowed)]
    [InlineData("http://127.0.0.1:80/", null)]
    [InlineData("http://127.0.0.1:81/", DpopErrorCodes.OriginNotAllowed)]
    public Task Only_allowed_origins_are_sent_to(string uri, string? code)
    {
        DpopOptions options = new() { AllowedOrigins = { new Uri("https://api.example.com"), new Uri("http://127.0.0.1/") } };
        return AssertCode(options, uri, code);
    }

    [Fact]
    public async Task The_message_has_origin_rule_and_advice_but_no_path_and_no_user()
    {
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => SendAsync(new StubHandler(), new DpopOptions(), "http://user:secret@api.example.com:81/private?token=x", async: true));
        Assert.Contains("http://api.example.com:81 ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("AllowInsecureHttp", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("private", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("token=x", exception.Message, StringComparison.Ordinal);
    }

    private static async Task AssertCode(DpopOptions options, string? uri, string? code)
    {
        foreach (bool async in (bool[])[true, false])
        {
            StubHandler server = new();
            if (code is null)
            {
                await SendAsync(server, options, uri, async);
            }
            else
            {
                DpopException exception = await Assert.ThrowsAsync<DpopException>(() => SendAsync(server, options, uri, async));
                Assert.Equal(code, exception.Code);
            }

            // Refused means that nothing went out.
            Assert.Equal(code is null ? 1 : 0, server.Proofs.Count);
        }
    }

    private static async Task SendAsync(StubHandler server, DpopOptions options, string? uri, bool async)
    {
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(server, options);
        using HttpRequestMessage request = new(HttpMethod.Get, uri is null ? null : new Uri(uri, UriKind.RelativeOrAbsolute));
        using HttpResponseMessage response = await client.SendAsync(request, async);
    }
}
