using DpopHttp.Tool.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tool.Grants;

/// <summary>A client that gets and renews tokens by itself (client credentials).</summary>
internal static class TokenClients
{
    public const string Name = "dpop";

    /// <summary>A container with the client and the service that gives its tokens.</summary>
    /// <param name="key">Signs the proofs. The container doesn't dispose it.</param>
    /// <param name="grant">Where the tokens come from.</param>
    /// <param name="api">The API that the tokens go to; null when they are only asked for.</param>
    /// <param name="createPrimary">Makes the handlers that send to the network.</param>
    /// <param name="allowInsecureHttp">Whether plain http will do for other hosts.</param>
    public static ServiceProvider Create(DpopKey key, ClientGrant grant, Uri? api, Func<SocketsHttpHandler> createPrimary, bool allowInsecureHttp)
    {
        ServiceCollection services = new();
        services.AddHttpClient(Name, client => (client.BaseAddress, client.Timeout) = (api, Timeout.InfiniteTimeSpan))
            .ConfigurePrimaryHttpMessageHandler(createPrimary)
            .AddDpop(options =>
            {
                options.Key = key;
                options.FollowRedirects = false;
                options.AllowInsecureHttp = allowInsecureHttp;
            })
            .AddDpopClientCredentials(grant.CopyTo)
            .ConfigureDpopBackChannel(channel => channel.ConfigurePrimaryHttpMessageHandler(createPrimary));
        return services.BuildServiceProvider();
    }

    /// <summary>A container with a client for the requests of other grants to the authorization server.</summary>
    public static ServiceProvider CreateIdentity(DpopKey key, ClientGrant grant, Func<SocketsHttpHandler> createPrimary, bool allowInsecureHttp, TimeSpan timeout)
    {
        ServiceCollection services = new();
        IHttpClientBuilder builder = services.AddHttpClient(Name, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(createPrimary)
            .AddHttpMessageHandler(() => new AnswerTimeHandler(timeout))
            .AddDpop(options =>
            {
                options.Key = key;
                options.FollowRedirects = false;
                options.AllowInsecureHttp = allowInsecureHttp;
            });
        if (grant.AssertionJwk is { } jwk)
        {
            builder.AddDpopClientAssertion(grant.ClientId, jwk, audience: grant.Issuer.OriginalString);
        }

        return services.BuildServiceProvider();
    }
}
