using System.Net;
using System.Text.Json;
using DpopHttp.OpenIdConnect.Tests.Support;

namespace DpopHttp.OpenIdConnect.Tests.SignIn;

/// <summary>From sign-in to sign-out at oidc-provider, which demands nonces at every endpoint that takes proofs.</summary>
public sealed class WholeWayTests
{
    public static TheoryData<string, bool, bool> Cases => new MatrixTheoryData<string, bool, bool>(
        [AuthorizationServer.PublicClient, AuthorizationServer.PostClient, AuthorizationServer.AssertionClient], [true, false], [true, false]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_user_signs_in_calls_outlives_the_token_and_signs_out(string client, bool pushes, bool keyPerSession)
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new() { Client = client, Pushes = pushes, Dpop = dpop => dpop.KeyPerSession = keyPerSession });
        using Visitor visitor = app.Open();

        Assert.Equal("alice", await visitor.ReadAsync("/in"));

        // One nonce serves the three endpoints: it is learnt at the first, at the price of one request.
        app.AssertSent(pushes
            ? ["POST /request 400", "POST /request 201", "POST /token 200", "GET /me 200"]
            : ["POST /token 400", "POST /token 200", "GET /me 200"]);
        string[] thumbprints = [.. visitor.Visited.Select(uri => QueryOf(uri, "dpop_jkt")).OfType<string>()];
        Assert.Equal(pushes ? 0 : 1, thumbprints.Length);

        Assert.Equal("alice", SubjectOf(await visitor.ReadAsync("/call?client=userinfo")));
        app.AssertSent("GET /me 200");

        await site.OutliveTokensAsync();
        Assert.Equal("alice", SubjectOf(await visitor.ReadAsync("/call?client=userinfo")));
        IReadOnlyList<Attempt> renewal = app.TakeAttempts();
        Assert.Equal(["POST /token 400", "POST /token 200", "GET /me 200"], renewal.Select(attempt => attempt.ToString()));
        string former = renewal[0].Form["refresh_token"];

        await site.OutliveTokensAsync();
        Assert.Equal("alice", SubjectOf(await visitor.ReadAsync("/call?client=userinfo")));
        string latter = app.TakeAttempts()[0].Form["refresh_token"];
        Assert.NotEqual(former, latter);

        string id = await visitor.ReadAsync("/id");
        await visitor.ReadAsync("/out");
        Attempt revocation = Assert.Single(app.TakeAttempts(), attempt => attempt.Uri == site.AuthorizationServer.RevocationEndpoint);
        Assert.Equal((HttpStatusCode.OK, "refresh_token"), (revocation.Status, revocation.Form["token_type_hint"]));
        Assert.NotEqual(latter, revocation.Form["token"]);
        Assert.Equal("nobody", await visitor.ReadAsync("/"));
        DpopSignInRequiredException gone = await Assert.ThrowsAsync<DpopSignInRequiredException>(async () => await app.Session(id).GetTokenAsync());
        Assert.Equal(DpopOpenIdConnectErrorCodes.SignInRequired, gone.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_pushed_or_plain_request_binds_the_code_to_the_key_that_redeems_it(bool pushes)
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new() { Pushes = pushes });
        using Visitor visitor = app.Open();
        await visitor.ReadAsync("/in");

        DpopUserToken token = await app.Session(await visitor.ReadAsync("/id")).GetTokenAsync();
        string? named = pushes
            ? app.TakeAttempts().First(attempt => attempt.Uri == site.AuthorizationServer.PushedAuthorizationRequestEndpoint).Form["dpop_jkt"]
            : visitor.Visited.Select(uri => QueryOf(uri, "dpop_jkt")).First(thumbprint => thumbprint is not null);
        Assert.Equal(token.Key.Thumbprint, named);
    }

    [Fact]
    public async Task Each_session_has_a_key_of_its_own_where_that_is_wanted()
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new() { Resource = site.AuthorizationServer.Resource, Dpop = dpop => dpop.KeyPerSession = true });
        using Visitor first = await app.SignInAsync();
        using Visitor second = await app.SignInAsync();

        string[] thumbprints = await Task.WhenAll(new[] { first, second }.Select(async visitor =>
        {
            using JsonDocument seen = JsonDocument.Parse(await visitor.ReadAsync("/call?client=orders"));
            DpopUserToken token = await app.Session(await visitor.ReadAsync("/id")).GetTokenAsync();
            Assert.Equal(token.Key.Thumbprint, seen.RootElement.GetProperty("jkt").GetString());
            return token.Key.Thumbprint;
        }));

        Assert.NotEqual(thumbprints[0], thumbprints[1]);
    }

    private static string? SubjectOf(string userinfo)
    {
        using JsonDocument document = JsonDocument.Parse(userinfo);
        return document.RootElement.GetProperty("sub").GetString();
    }

    private static string? QueryOf(Uri uri, string name) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(uri.Query).TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues value) ? value.ToString() : null;
}
