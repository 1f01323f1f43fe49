using System.Net.WebSockets;
using System.Text;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.Requests;

/// <summary>A client's token without a request.</summary>
public class ManagedTokenTests
{
    [Fact]
    public async Task It_is_the_one_that_requests_have_with_its_key_and_its_end()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        IDpopTokens tokens = bench.Services.GetRequiredService<IDpopTokens>();
        DpopAccessToken token = await tokens.GetAsync(TokenBench.Client);
        Assert.Equal(("token-1", "DPoP", time.GetUtcNow() + TimeSpan.FromHours(1)), (token.Value, token.Scheme, token.ExpiresAt));
        Assert.Same(bench.Services.GetRequiredService<DpopKeyRing>().Get(TokenBench.Client), token.Key);
        Assert.Empty(bench.Api.Authorizations);
        Assert.DoesNotContain("token-1", token.ToString(), StringComparison.Ordinal);

        (await bench.GetAsync()).Dispose();
        Assert.Equal(["DPoP token-1"], bench.Api.Authorizations);
        time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("token-2", (await tokens.GetAsync(TokenBench.Client)).Value);
    }

    [Fact]
    public async Task A_client_that_gets_none_is_an_error()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(async () => await bench.Services.GetRequiredService<IDpopTokens>().GetAsync("misspelt"));
        Assert.Contains("'misspelt'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_opens_a_WebSocket()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        DpopProofVerifier verifier = new();
        WebSocketMiddleware sockets = new(
            async context =>
            {
                string token = context.Request.Headers.Authorization.ToString().Split(' ')[^1];
                DpopProofResult proof = verifier.Verify(new DpopProofContext(
                    context.Request.Method, new Uri($"http://{context.Request.Host}{context.Request.Path}"), context.Request.Headers["DPoP"].OfType<string>()) { AccessToken = token });
                if (!proof.IsValid || !bench.Tokens.IsGood(token, proof.Thumbprint!))
                {
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    return;
                }

                using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
                await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            },
            Options.Create(new WebSocketOptions()),
            NullLoggerFactory.Instance);
        await using LoopbackServer server = await LoopbackServer.StartAsync(sockets.Invoke);
        Uri address = new(server.BaseAddress, "/orders");
        DpopAccessToken token = await bench.Services.GetRequiredService<IDpopTokens>().GetAsync(TokenBench.Client);
        using ClientWebSocket client = new();
        client.Options.SetRequestHeader("Authorization", $"{token.Scheme} {token.Value}");
        client.Options.SetRequestHeader("DPoP", DpopProof.Create(token.Key, HttpMethod.Get, address, token.Value));
        await client.ConnectAsync(new UriBuilder(address) { Scheme = "ws" }.Uri, CancellationToken.None);
        byte[] buffer = new byte[16];
        WebSocketReceiveResult received = await client.ReceiveAsync(buffer, CancellationToken.None);
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, received.Count));
    }
}
