using System.Net;
using System.Security.Cryptography;
using DpopHttp.OpenIdConnect.Sessions;
using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.AspNetCore.WebUtilities;

namespace DpopHttp.OpenIdConnect.Tests.Load;

public sealed class ManyUsersTests(Servers servers)
{
    [Fact]
    public async Task A_thousand_users_with_keys_of_their_own_cost_a_thousand_requests_once_the_nonce_is_known()
    {
        int requests = 0, challenges = 0;
        await using WebApp app = await WebApp.StartAsync(servers.Site, new()
        {
            Dpop = dpop => dpop.KeyPerSession = true,
            Api = new Uri("http://127.0.0.1:9/orders"),
            Network = request =>
            {
                if (request.RequestUri!.Port != 9)
                {
                    return Task.FromResult<HttpResponseMessage?>(null);
                }

                Interlocked.Increment(ref requests);
                bool isGood = System.Text.Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(request.Headers.GetValues("DPoP").Single().Split('.')[1])).Contains("\"nonce\":\"n1\"");
                HttpResponseMessage answer = new(isGood ? HttpStatusCode.OK : HttpStatusCode.Unauthorized) { Content = new StringContent("orders") };
                if (!isGood)
                {
                    Interlocked.Increment(ref challenges);
                    answer.Headers.Add("DPoP-Nonce", "n1");
                    answer.Headers.WwwAuthenticate.ParseAdd("DPoP error=\"use_dpop_nonce\"");
                }

                return Task.FromResult<HttpResponseMessage?>(answer);
            },
        });
        HttpClient client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(WebApp.Orders);
        DpopSession[] users = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => BeginAsync(app, servers.Site.Time)));
        await CallAsync(client, users[0]);
        Assert.Equal((2, 1), (requests, challenges));
        (requests, challenges) = (0, 0);

        await Parallel.ForEachAsync(users, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (user, _) => await CallAsync(client, user));

        Assert.Equal((1000, 0), (requests, challenges));
    }

    private static async Task<DpopSession> BeginAsync(WebApp app, TimeProvider time)
    {
        DpopKey key = DpopKey.Generate();
        DateTimeOffset now = time.GetUtcNow();
        SessionRecord record = new()
        {
            Id = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16)),
            AccessToken = RandomNumberGenerator.GetHexString(64),
            RefreshToken = RandomNumberGenerator.GetHexString(64),
            ObtainedAt = now,
            ExpiresAt = now + TimeSpan.FromHours(1),
            Thumbprint = key.Thumbprint,
            PrivateJwk = key.ExportPrivateJwk(),
        };
        DpopSession session = app.Session(record.Id);
        await session.Keeper.BeginAsync(record, key, CancellationToken.None);
        return session;
    }

    private static async Task CallAsync(HttpClient client, DpopSession user)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "");
        request.SetDpopSession(user);
        using HttpResponseMessage answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
