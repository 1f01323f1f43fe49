using System.Net;
using DpopHttp.AspNetCore.Tests.Support;
using DpopHttp.Verification;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.AspNetCore.Tests.Registration;

/// <summary>One request that several schemes with DPoP look at, or one scheme several times.</summary>
public sealed class SeveralSchemesTests : IDisposable
{
    private readonly Caller _caller = new();

    public void Dispose() => _caller.Dispose();

    [Theory]
    [InlineData("Ours", "Theirs")]
    [InlineData("Theirs", "Ours")]
    public async Task PolicyWithTwoIssuers_NonceDemandedByOne_IsTheOnlyError(string first, string second)
    {
        await using TestApi api = await StartWithTwoIssuersAsync(first, second, options => options.Nonces = DpopNonceMode.Required);
        string uri = api.Origin("1.1") + "/orders";

        Answer challenge = await _caller.SendAsync("1.1", uri);

        challenge.AssertRefused("use_dpop_nonce");
        (await _caller.SendAsync("1.1", uri, _caller.Proof(uri, nonce: challenge.Nonce).ToString())).AssertAccepted();
    }

    [Theory]
    [InlineData("Ours", "Theirs")]
    [InlineData("Theirs", "Ours")]
    public async Task PolicyWithTwoIssuers_FaultOfTheProof_IsToldAndKnown(string first, string second)
    {
        DpopValidation? known = null;
        await using TestApi api = await StartWithTwoIssuersAsync(first, second, before: app => app.Use(async (context, next) =>
        {
            await next();
            known = context.GetDpopValidation();
        }));

        Answer answer = await _caller.SendAsync("1.1", api.Origin("1.1") + "/orders", proof => proof.Claims["htm"] = "POST");

        answer.AssertRefused("invalid_dpop_proof", "htm");
        Assert.Equal("method", known!.Reason);
    }

    [Theory]
    [InlineData("Ours", "Theirs")]
    [InlineData("Theirs", "Ours")]
    public async Task PolicyWithTwoIssuers_StoreThatFails_Is503(string first, string second)
    {
        await using TestApi api = await StartWithTwoIssuersAsync(
            first, second, services: services => services.AddSingleton<DpopReplayStore, BrokenStore>());

        Answer answer = await _caller.SendAsync("1.1", api.Origin("1.1") + "/orders");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Empty(answer.Challenges);
    }

    [Fact]
    public async Task PolicyWithTwoIssuers_WithoutCredentials_SaysTheSameOnce()
    {
        await using TestApi api = await StartWithTwoIssuersAsync("Ours", "Theirs", options => options.BearerTokens = DpopBearerTokens.AllowUnbound);

        Answer answer = await _caller.SendWithoutCredentialsAsync("1.1", api.Origin("1.1") + "/orders");

        Assert.StartsWith("DPoP algs=", answer.DpopChallenge, StringComparison.Ordinal);
        Assert.Equal("Bearer", Assert.Single(answer.Challenges, challenge => challenge != answer.DpopChallenge));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TwoSchemesThatAcceptTheSameToken_CountItsProofOnce(bool isShared)
    {
        await using TestApi api = await TestApi.StartAsync(
            authentication: schemes => schemes
                .AddJwtBearer("One", bearer => bearer.TokenValidationParameters = TokenIssuer.Parameters)
                .AddJwtBearer("Other", bearer => bearer.TokenValidationParameters = TokenIssuer.Parameters)
                .AddDpop("One", options => options.ProofLifetime = TimeSpan.FromMinutes(10))
                .AddDpop("Other", options => options.ProofLifetime = TimeSpan.FromMinutes(10)),
            services: services =>
            {
                SetDefaultPolicy(services, "One", "Other");
                if (isShared)
                {
                    services.AddSingleton<DpopReplayStore>(new DpopMemoryReplayStore());
                }
            });
        string uri = api.Origin("1.1") + "/orders";
        string proof = _caller.Proof(uri).ToString();

        (await _caller.SendAsync("1.1", uri, proof)).AssertAccepted();
        Assert.DoesNotContain(api.Logs.GetSnapshot(), log => log.Id.Name == "Refused");

        (await _caller.SendAsync("1.1", uri, proof)).AssertRefused("invalid_dpop_proof", "used before");
    }

    [Fact]
    public async Task RequestThatIsHandledAgainInAnotherScope_IsNoReplay()
    {
        await using TestApi api = await TestApi.StartAsync(services: services => SetDefaultPolicy(services, "Bearer"), before: app =>
        {
            app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = "/error", CreateScopeForErrors = true });
            app.MapGet("/fails", string () => throw new NotSupportedException("It always fails.")).RequireAuthorization();
        });
        string uri = api.Origin("1.1") + "/fails";
        string proof = _caller.Proof(uri).ToString();

        Answer answer = await _caller.SendAsync("1.1", uri, proof);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.DoesNotContain(api.Logs.GetSnapshot(), log => log.Id.Name == "Refused");
        Assert.StartsWith($"True {_caller.Key.Thumbprint}", answer.Body, StringComparison.Ordinal);
        (await _caller.SendAsync("1.1", uri, proof)).AssertRefused("invalid_dpop_proof", "used before");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SchemeThatForwardsOpaqueTokens_WithDpopBeforeBoth(bool isBeforeBoth)
    {
        await using TestApi api = await StartForwardingAsync(isBeforeBoth);
        string uri = api.Origin("1.1") + "/orders";

        (await _caller.SendAsync("1.1", uri)).AssertAccepted();
        _caller.Token = "good";
        (await _caller.SendAsync("1.1", uri)).AssertAccepted();
        (await _caller.SendAsync("1.1", uri, proof => proof.Claims["htm"] = "POST")).AssertRefused("invalid_dpop_proof", "htm");
        (await _caller.SendAsync("1.1", uri, proof: null, "Bearer")).AssertRefused("invalid_token", "bound to a key");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SchemeThatForwardsOpaqueTokens_NonceAndReplay(bool isBeforeBoth)
    {
        await using TestApi api = await StartForwardingAsync(
            isBeforeBoth, options => options.Nonces = DpopNonceMode.Required, services => services.AddSingleton<DpopReplayStore>(new DpopMemoryReplayStore()));
        string uri = api.Origin("1.1") + "/orders";
        _caller.Token = "good";

        Answer challenge = await _caller.SendAsync("1.1", uri);
        challenge.AssertRefused("use_dpop_nonce");
        string proof = _caller.Proof(uri, nonce: challenge.Nonce).ToString();
        (await _caller.SendAsync("1.1", uri, proof)).AssertAccepted();
        (await _caller.SendAsync("1.1", uri, proof)).AssertRefused("invalid_dpop_proof", "used before");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SchemeThatForwardsEverything_KnowsWhichTokenWasValidated(bool isBeforeBoth)
    {
        await using TestApi api = await StartForwardingAsync(isBeforeBoth, forwards: _ => "Opaque");
        string uri = api.Origin("1.1") + "/orders";
        _caller.Token = "good";

        (await _caller.SendAsync("1.1", uri)).AssertAccepted();
    }

    private Task<TestApi> StartForwardingAsync(
        bool isBeforeBoth,
        Action<DpopAuthenticationOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        Func<HttpContext, string?>? forwards = null)
    {
        void Configure(DpopAuthenticationOptions options)
        {
            options.ProofLifetime = TimeSpan.FromMinutes(10);
            configure?.Invoke(options);
        }

        return TestApi.StartAsync(
            authentication: schemes =>
            {
                schemes
                    .AddJwtBearer(bearer =>
                    {
                        bearer.TokenValidationParameters = TokenIssuer.Parameters;
                        bearer.ForwardDefaultSelector = forwards ?? ForwardOpaqueTokens;
                    })
                    .AddScheme<OpaqueTokenOptions, OpaqueTokens>(
                        "Opaque", options => options.Confirmations["good"] = $$"""{"jkt":"{{_caller.Key.Thumbprint}}"}""")
                    .AddDpop(Configure);
                if (isBeforeBoth)
                {
                    schemes.AddDpop("Opaque", Configure);
                }
            },
            services: services);
    }

    // As the documentation of introspection handlers has it.
    private static string? ForwardOpaqueTokens(HttpContext context)
    {
        string header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && !header.Contains('.', StringComparison.Ordinal) ? "Opaque" : null;
    }

    private static Task<TestApi> StartWithTwoIssuersAsync(
        string first,
        string second,
        Action<DpopAuthenticationOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? before = null)
    {
        void Configure(DpopAuthenticationOptions options)
        {
            options.ProofLifetime = TimeSpan.FromMinutes(10);
            configure?.Invoke(options);
        }

        return TestApi.StartAsync(
            authentication: schemes => schemes
                .AddJwtBearer("Ours", bearer => bearer.TokenValidationParameters = TokenIssuer.Parameters)
                .AddJwtBearer("Theirs", bearer => bearer.TokenValidationParameters = new TokenValidationParameters
                {
                    ValidIssuer = "https://other.example",
                    ValidAudience = TokenIssuer.Audience,
                    IssuerSigningKey = TokenIssuer.Parameters.IssuerSigningKey,
                })
                .AddDpop("Ours", Configure)
                .AddDpop("Theirs", Configure),
            services: collection =>
            {
                SetDefaultPolicy(collection, first, second);
                services?.Invoke(collection);
            },
            before: before);
    }

    private static void SetDefaultPolicy(IServiceCollection services, params string[] schemes) =>
        services.AddAuthorizationBuilder().SetDefaultPolicy(new AuthorizationPolicyBuilder(schemes).RequireAuthenticatedUser().Build());
}
