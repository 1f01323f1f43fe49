using System.Net;
using System.Text.Json;
using DpopHttp.Interop.Tests.Servers;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.DependencyInjection;
using static DpopHttp.Interop.Tests.Grants.GrantBench;

namespace DpopHttp.Interop.Tests.Grants;

/// <summary>The device authorization grant (RFC 8628) by Duende.IdentityModel on an AddDpop client.</summary>
[Collection(GrantGroup.Name)]
public sealed class DeviceTests(GrantServers servers)
{
    [Theory]
    [InlineData(false, AuthorizationServer.PublicClient)]
    [InlineData(false, AuthorizationServer.BasicClient)]
    [InlineData(false, AuthorizationServer.AssertionClient)]
    [InlineData(true, AuthorizationServer.PublicClient)]
    [InlineData(true, AuthorizationServer.BasicClient)]
    [InlineData(true, AuthorizationServer.AssertionClient)]
    public async Task A_device_polls_across_nonces_until_its_user_has_approved(bool tls, string clientId)
    {
        await using GrantBench bench = servers.Open(tls);
        bench.Services.AddSingleton<TimeProvider>(bench.Time);
        bench.AddIdentity(clientId);
        bench.AddClient(Orders).AddDpop();
        using HttpClient identity = bench.CreateClient(Identity);
        using DeviceAuthorizationRequest ask = bench.Identify(
            clientId, bench.Server.DeviceAuthorizationEndpoint, new DeviceAuthorizationRequest { Scope = "openid orders.read" });
        ask.Parameters.Add("resource", bench.Server.Resource);
        using DeviceAuthorizationResponse device = await identity.RequestDeviceAuthorizationAsync(ask);
        Assert.False(device.IsError, device.Raw);
        bench.AssertSent("POST /device/auth 200");

        // The refusal that means "not yet" is the caller's to read, whether a nonce was asked for before it or not.
        await AssertPendingAsync(bench, identity, clientId, device);
        bench.AssertSent("POST /token 400", "POST /token 400");
        await AssertPendingAsync(bench, identity, clientId, device);
        bench.AssertSent("POST /token 400");
        await bench.OutliveNoncesAsync();
        await AssertPendingAsync(bench, identity, clientId, device);
        bench.AssertSent("POST /token 400", "POST /token 400");

        await bench.Server.ApproveDeviceAsync(device.UserCode!);
        await bench.OutliveNoncesAsync();
        using TokenResponse tokens = await PollAsync(bench, identity, clientId, device);
        Assert.Equal((false, "DPoP"), (tokens.IsError, tokens.TokenType));
        bench.AssertSent("POST /token 400", "POST /token 200");

        JsonElement accepted = await bench.CallApiAsync(bench.CreateClient(Orders), tokens.AccessToken);
        Assert.Equal(("alice", clientId), (accepted.GetProperty("sub").GetString(), accepted.GetProperty("clientId").GetString()));
        Assert.Equal(bench.KeyOf(Identity).Thumbprint, accepted.GetProperty("jkt").GetString());
        bench.AssertSent("GET /orders 200");
    }

    private static async Task AssertPendingAsync(GrantBench bench, HttpClient identity, string clientId, DeviceAuthorizationResponse device)
    {
        using TokenResponse response = await PollAsync(bench, identity, clientId, device);
        Assert.Equal((HttpStatusCode.BadRequest, "authorization_pending"), (response.HttpStatusCode, response.Error));
    }

    private static async Task<TokenResponse> PollAsync(GrantBench bench, HttpClient identity, string clientId, DeviceAuthorizationResponse device)
    {
        using DeviceTokenRequest request = bench.Identify(clientId, bench.Server.TokenEndpoint, new DeviceTokenRequest { DeviceCode = device.DeviceCode! });
        request.Parameters.Add("resource", bench.Server.Resource);
        return await identity.RequestDeviceTokenAsync(request);
    }
}
