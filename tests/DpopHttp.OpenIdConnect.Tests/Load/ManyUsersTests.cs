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
        await using ProofCheckingApi api = await ProofCheckingApi.StartAsync(servers.Site.Time);
        await using WebApp app = await WebApp.StartAsync(servers.Site, new() { Dpop = dpop => dpop.KeyPerSession = true, Api = api.Address });
        HttpClient client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(WebApp.Orders);
        DpopSession[] users = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => BeginAsync(app, servers.Site.Time)));
        await CallAsync(client, users[0]);
        Assert.Equal((1, 1), api.Take());

        await Parallel.ForEachAsync(users, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (user, _) => await CallAsync(client, user));

        Assert.Equal((1000, 0), api.Take());
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
