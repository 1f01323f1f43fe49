using System.Globalization;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>What a client that asks for its grants itself makes of the answers to its assertions.</summary>
public sealed class AssertionAnswerTests : IDisposable
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    private readonly DpopKey _assertionKey = DpopKey.Generate();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _assertionKey.Dispose();

    [Theory]
    [InlineData(200, null, true, true)]
    [InlineData(400, "invalid_grant", true, true)]
    [InlineData(400, "invalid_grant", true, false)]
    [InlineData(400, "invalid_client", false, true)]
    [InlineData(401, "invalid_client", false, false)]
    [InlineData(429, null, false, true)]
    [InlineData(503, null, false, true)]
    [InlineData(503, "invalid_grant", false, false)]
    public async Task The_servers_clock_is_kept_where_the_server_has_accepted_the_assertion(int status, string? error, bool isKept, bool async)
    {
        List<TimeSpan> offsets = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            JsonWebToken assertion = new((await context.Request.ReadFormAsync())["client_assertion"].Single());
            offsets.Add(assertion.IssuedAt - _time.GetUtcNow());
            context.Response.Headers.Date = (_time.GetUtcNow() + Ahead).ToString("R", CultureInfo.InvariantCulture);
            bool isOfOurTime = offsets[^1] < Ahead / 2;
            context.Response.StatusCode = isOfOurTime ? StatusCodes.Status401Unauthorized : status;
            await context.Response.WriteAsJsonAsync(new { error = isOfOurTime ? "invalid_client" : error });
        });
        await using ServiceProvider provider = Services();
        (await PostAsync(provider, server.BaseAddress, async)).Dispose();
        (await PostAsync(provider, server.BaseAddress, async)).Dispose();
        Assert.Equal(isKept ? [false, true, true] : [false, true, false, true], offsets.Select(offset => offset > Ahead / 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_cannot_be_read_is_disposed(bool async)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.Date = (_time.GetUtcNow() + Ahead).ToString("R", CultureInfo.InvariantCulture);
            await context.Response.WriteAsync(new string(' ', (1024 * 1024) + 1));
        });
        List<WatchedResponse> answers = [];
        await using ServiceProvider provider = Services(client => client.AddHttpMessageHandler(() => new Watch(answers)));
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(provider, server.BaseAddress, async));
        Assert.True(Assert.Single(answers).IsDisposed);
    }

    private ServiceProvider Services(Action<IHttpClientBuilder>? configure = null)
    {
        ServiceCollection services = new();
        IHttpClientBuilder client = services.AddHttpClient("identity")
            .AddDpop(options => options.TimeProvider = _time)
            .AddDpopClientAssertion("orders-web", _assertionKey.ExportPrivateJwk());
        configure?.Invoke(client);
        return services.BuildServiceProvider();
    }

    private static async Task<HttpResponseMessage> PostAsync(ServiceProvider provider, Uri address, bool async)
    {
        using HttpClient http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("identity");
        using HttpRequestMessage request = new(HttpMethod.Post, address) { Content = new FormUrlEncodedContent([new("grant_type", "authorization_code"), new("code", "the-code")]) };
        return await http.SendAsync(request, async);
    }

    /// <summary>Puts a response of its own around the content of the one that came.</summary>
    private sealed class Watch(List<WatchedResponse> answers) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Around(await base.SendAsync(request, cancellationToken));

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => Around(base.Send(request, cancellationToken));

        private WatchedResponse Around(HttpResponseMessage response)
        {
            WatchedResponse answer = new() { StatusCode = response.StatusCode, RequestMessage = response.RequestMessage, Content = response.Content };
            answer.Headers.Date = response.Headers.Date;
            answers.Add(answer);
            return answer;
        }
    }

    private sealed class WatchedResponse : HttpResponseMessage
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
