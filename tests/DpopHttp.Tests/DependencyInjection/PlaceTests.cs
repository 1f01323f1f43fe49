using System.Net;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace DpopHttp.Tests.DependencyInjection;

/// <summary>AddDpop is innermost, whatever is added before or after it.</summary>
public class PlaceTests
{
    private static readonly Dictionary<string, Action<IHttpClientBuilder>> Additions = new()
    {
        ["retry"] = b => b.AddResilienceHandler("retry", p => p.AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 3, Delay = TimeSpan.Zero, BackoffType = DelayBackoffType.Constant })),
        ["token"] = b => b.AddHttpMessageHandler(() => new TokenHandler()),
        ["dpop"] = b => b.AddDpop(),
    };

    [Theory]
    [InlineData("retry dpop token")]
    [InlineData("retry token dpop")]
    [InlineData("dpop retry token")]
    [InlineData("dpop token retry")]
    [InlineData("token dpop retry")]
    [InlineData("token retry dpop")]
    [InlineData("dpop dpop token retry dpop")]
    public async Task Each_attempt_has_a_proof_of_its_own_with_the_hash_of_the_token_that_is_sent(string order)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResource());
        for (int i = 0; i < 2; i++)
        {
            server.Api.Enqueue(ProtectedResourceFault.Status(HttpStatusCode.ServiceUnavailable));
        }

        ServiceCollection services = new();
        IHttpClientBuilder builder = services.AddHttpClient("api");
        foreach (string name in order.Split(' '))
        {
            Additions[name](builder);
        }

        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, server.Api.Requests.Count);
        Assert.Equal(3, server.Api.Requests.Select(r => DecodedProof.Jti(r.Proof)).Distinct().Count());
        Assert.All(server.Api.Requests, r => Assert.Equal("DPoP", r.AuthorizationScheme));
        Assert.True(server.Api.Requests[^1].Accepted);
        Assert.All(server.Api.Requests, r => Assert.Equal("from-the-handler", r.AccessToken));
    }

    /// <summary>Only knows Bearer, as most do.</summary>
    private sealed class TokenHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new("Bearer", "from-the-handler");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
