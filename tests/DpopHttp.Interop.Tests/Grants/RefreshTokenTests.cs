using System.Net;
using System.Text.Json;
using DpopHttp.Interop.Tests.Servers;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.DependencyInjection;
using static DpopHttp.Interop.Tests.Grants.GrantBench;

namespace DpopHttp.Interop.Tests.Grants;

/// <summary>AddDpopRefreshToken with a server that rotates refresh tokens, and binds those of public clients to the key.</summary>
[Collection(GrantGroup.Name)]
public sealed class RefreshTokenTests(GrantServers servers) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dpophttp-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false, true, AuthorizationServer.PublicClient)]
    [InlineData(false, false, AuthorizationServer.PublicClient)]
    [InlineData(false, true, AuthorizationServer.BasicClient)]
    [InlineData(false, false, AuthorizationServer.AssertionClient)]
    [InlineData(true, true, AuthorizationServer.PublicClient)]
    [InlineData(true, false, AuthorizationServer.PublicClient)]
    [InlineData(true, true, AuthorizationServer.BasicClient)]
    [InlineData(true, false, AuthorizationServer.AssertionClient)]
    public async Task Each_renewal_stores_the_next_token_and_the_server_takes_none_twice(bool tls, bool inFile, string clientId)
    {
        DpopRefreshTokenStore store = inFile ? DpopRefreshTokenStore.InFile(Path.Combine(_folder.FullName, "refresh-token.json")) : DpopRefreshTokenStore.InMemory();
        await using GrantBench bench = Open(tls, clientId, store);
        using TokenResponse signedIn = await new SignIn(bench, clientId).RunAsync();
        DpopKey key = bench.KeyOf(Orders);
        string? thumbprint = clientId == AuthorizationServer.PublicClient ? key.Thumbprint : null;
        await using (await store.LockAsync(CancellationToken.None))
        {
            await store.SaveAsync(new DpopRefreshToken(signedIn.RefreshToken!, thumbprint), CancellationToken.None);
        }

        using HttpClient orders = bench.CreateClient(Orders);
        List<string> used = [];
        for (int i = 0; i < 4; i++)
        {
            used.Add(await LoadAsync(store));
            await bench.OutliveTokensAsync();
            JsonElement accepted = await bench.CallApiAsync(orders);
            Assert.Equal(("alice", clientId), (accepted.GetProperty("sub").GetString(), accepted.GetProperty("clientId").GetString()));
            bench.AssertSent("POST /token 400", "POST /token 200", "GET /orders 200");

            // The token is good, and stays the one that is stored.
            string kept = await LoadAsync(store);
            await bench.CallApiAsync(orders);
            bench.AssertSent("GET /orders 200");
            Assert.Equal((kept, thumbprint), (await LoadAsync(store), (await store.LoadAsync(CancellationToken.None))!.KeyThumbprint));
        }

        used.Add(await LoadAsync(store));
        Assert.Equal(used.Count, used.Distinct().Count());

        // Asked for last, because a token that comes twice ends the whole grant (RFC 9700 section 4.14.2).
        using TokenResponse again = await RefreshAsync(bench, clientId, used[^2], Identity);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (again.HttpStatusCode, again.Error));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_public_clients_token_is_refused_with_another_key_and_lives_on_with_its_own(bool tls)
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory();
        await using GrantBench bench = Open(tls, AuthorizationServer.PublicClient, store);
        bench.AddClient("thief").AddDpop();
        using TokenResponse signedIn = await new SignIn(bench, AuthorizationServer.PublicClient).RunAsync();
        using TokenResponse stolen = await RefreshAsync(bench, AuthorizationServer.PublicClient, signedIn.RefreshToken!, "thief");
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (stolen.HttpStatusCode, stolen.Error));
        bench.AssertSent("POST /token 400");

        await store.SaveAsync(new DpopRefreshToken(signedIn.RefreshToken!, bench.KeyOf(Orders).Thumbprint), CancellationToken.None);
        await bench.CallApiAsync(bench.CreateClient(Orders));
        bench.AssertSent("POST /token 200", "GET /orders 200");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refusal_reaches_the_caller_and_nothing_else_is_sent(bool tls)
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory(new DpopRefreshToken("made-up"));
        await using GrantBench bench = Open(tls, AuthorizationServer.PublicClient, store);
        DpopTokenException refused = await Assert.ThrowsAsync<DpopTokenException>(() => bench.CallApiAsync(bench.CreateClient(Orders)));
        Assert.Equal((DpopTokenErrorCodes.TokenRefused, "invalid_grant"), (refused.Code, refused.Error));
        bench.AssertSent("POST /token 400", "POST /token 400");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_rotation_of_the_key_the_former_one_goes_on_being_used(bool tls)
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InFile(Path.Combine(_folder.FullName, "refresh-token.json"));
        await using GrantBench bench = Open(tls, AuthorizationServer.PublicClient, store);
        using TokenResponse signedIn = await new SignIn(bench, AuthorizationServer.PublicClient).RunAsync();
        DpopKey former = bench.KeyOf(Orders);
        await store.SaveAsync(new DpopRefreshToken(signedIn.RefreshToken!, former.Thumbprint), CancellationToken.None);
        using HttpClient orders = bench.CreateClient(Orders);
        Assert.Equal(former.Thumbprint, await UsedKeyAsync(bench, orders));

        DpopKey current = bench.Provider.GetRequiredService<DpopKeyRing>().Rotate(Orders);
        Assert.NotEqual(former.Thumbprint, current.Thumbprint);
        for (int i = 0; i < 2; i++)
        {
            await bench.OutliveTokensAsync();
            Assert.Equal(former.Thumbprint, await UsedKeyAsync(bench, orders));
            Assert.Equal(former.Thumbprint, (await store.LoadAsync(CancellationToken.None))!.KeyThumbprint);
        }
    }

    /// <summary>The key that the API saw the token bound to, and the proof made with.</summary>
    private static async Task<string> UsedKeyAsync(GrantBench bench, HttpClient client) => (await bench.CallApiAsync(client)).GetProperty("jkt").GetString()!;

    private static async Task<string> LoadAsync(DpopRefreshTokenStore store) => (await store.LoadAsync(CancellationToken.None))!.Value;

    private static async Task<TokenResponse> RefreshAsync(GrantBench bench, string clientId, string refreshToken, string client)
    {
        using RefreshTokenRequest request = bench.Identify(clientId, bench.Server.TokenEndpoint, new RefreshTokenRequest { RefreshToken = refreshToken });
        return await bench.CreateClient(client).RequestRefreshTokenAsync(request);
    }

    private GrantBench Open(bool tls, string clientId, DpopRefreshTokenStore store)
    {
        GrantBench bench = servers.Open(tls);
        bench.Services.AddSingleton<TimeProvider>(bench.Time);
        bench.AddIdentity(clientId);
        bench.AddClient(Orders).AddDpopRefreshToken(options =>
        {
            options.Authority = new Uri(bench.Server.Issuer);
            options.ClientId = clientId;
            options.ClientSecret = clientId == AuthorizationServer.BasicClient ? bench.Server.ClientSecret : null;
            options.ClientAssertionJwk = clientId == AuthorizationServer.AssertionClient ? bench.Server.ClientAssertionJwk : null;
            options.Resources.Add(bench.Server.Resource);
            options.Scope = "orders.read";
            options.Store = store;
        });
        return bench;
    }
}
