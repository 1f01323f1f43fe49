using System.Security.Claims;
using DpopHttp.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.AspNetCore.Tests.Registration;

/// <summary>An event of the scheme takes the token from elsewhere than the Authorization header: what counts is the token that was validated.</summary>
public sealed class TokenElsewhereTests : IDisposable
{
    private readonly Caller _caller = new();

    public void Dispose() => _caller.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnotherTokenThanTheHeaders_IsRefusedThoughTheProofIsForTheHeaders(bool saved)
    {
        await using TestApi api = await StartAsync(saved, DpopBearerTokens.Reject);
        string other = TokenIssuer.Issue(_caller.Key.Thumbprint, "root");
        string uri = api.Origin("1.1") + "/orders";

        Answer answer = await _caller.SendAsync("1.1", $"{uri}?access_token={other}", _caller.Proof(uri).ToString());

        answer.AssertRefused("invalid_request", "another access token");
        (await _caller.SendAsync("1.1", uri)).AssertAccepted();
    }

    [Fact]
    public async Task TheHeadersTokenOnceMore_IsAccepted()
    {
        await using TestApi api = await StartAsync(saved: true, DpopBearerTokens.Reject);
        string uri = api.Origin("1.1") + "/orders";

        (await _caller.SendAsync("1.1", $"{uri}?access_token={_caller.Token}", _caller.Proof(uri).ToString())).AssertAccepted();
    }

    [Theory]
    [InlineData(true, "The access token is bound to a key")]
    [InlineData(false, "whether it is bound to a key can't be seen")]
    public async Task BoundTokenThatThePrincipalDoesNotTellOf_IsNoBearerToken(bool saved, string description)
    {
        await using TestApi api = await StartAsync(saved, DpopBearerTokens.AllowUnbound);
        string uri = api.Origin("1.1") + "/orders";
        string unbound = TokenIssuer.Issue(thumbprint: null);

        (await _caller.SendWithoutCredentialsAsync("1.1", $"{uri}?access_token={_caller.Token}")).AssertRefused("invalid_token", description);
        (await _caller.SendAsync("1.1", $"{uri}?access_token={_caller.Token}", proof: null, "Bearer", token: unbound))
            .AssertRefused("invalid_token", description);
        (await _caller.SendAsync("1.1", uri, proof: null, "Bearer", token: unbound)).AssertAccepted();
    }

    [Fact]
    public async Task UnboundTokenThatIsSaved_IsAcceptedForAMigration()
    {
        await using TestApi api = await StartAsync(saved: true, DpopBearerTokens.AllowUnbound);
        string unbound = TokenIssuer.Issue(thumbprint: null);

        (await _caller.SendWithoutCredentialsAsync("1.1", $"{api.Origin("1.1")}/orders?access_token={unbound}")).AssertAccepted();
    }

    private static Task<TestApi> StartAsync(bool saved, DpopBearerTokens bearerTokens) => TestApi.StartAsync(authentication: schemes => schemes
        .AddJwtBearer(bearer =>
        {
            bearer.TokenValidationParameters = TokenIssuer.Parameters;
            bearer.SaveToken = saved;
            bearer.Events = new JwtBearerEvents
            {
                OnMessageReceived = context =>
                {
                    context.Token = context.Request.Query["access_token"];
                    return Task.CompletedTask;
                },
                OnTokenValidated = context =>
                {
                    // For a migration, a principal of the application's own that knows nothing of keys.
                    if (bearerTokens == DpopBearerTokens.AllowUnbound)
                    {
                        context.Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "alice")], "own"));
                    }

                    return Task.CompletedTask;
                },
            };
        })
        .AddDpop(options => options.BearerTokens = bearerTokens));
}
