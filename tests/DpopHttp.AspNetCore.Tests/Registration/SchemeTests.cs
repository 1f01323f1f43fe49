using System.Net;
using System.Security.Cryptography;
using DpopHttp.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.AspNetCore.Tests.Registration;

/// <summary>DPoP beside schemes of several kinds, whatever the order of calls.</summary>
public sealed class SchemeTests : IDisposable
{
    private readonly Caller _caller = new();

    public void Dispose() => _caller.Dispose();

    [Fact]
    public async Task OpaqueTokens_OfAnIntrospectionScheme_AreHeldToTheirCnfClaim()
    {
        await using TestApi api = await TestApi.StartAsync(authentication: schemes => schemes
            .AddScheme<OpaqueTokenOptions, OpaqueTokens>("Bearer", options =>
            {
                options.Confirmations["good"] = $$"""{"jkt":"{{_caller.Key.Thumbprint}}"}""";
                options.Confirmations["other"] = """{"jkt":"other"}""";
                options.Confirmations["odd"] = """{"jkt":7}""";
            })
            .AddDpop());
        string uri = api.Origin("1.1") + "/orders";

        (await SendAsync(uri, "good")).AssertAccepted();
        (await SendAsync(uri, "other")).AssertRefused("invalid_token", "another key");
        (await SendAsync(uri, "odd")).AssertRefused("invalid_token", "bound to a key");
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(uri, "unknown")).Status);
        (await _caller.SendAsync("1.1", uri, proof: null, "Bearer", token: "good")).AssertRefused("invalid_token", "bound to a key");
    }

    [Fact]
    public async Task SeveralSchemes_EachHasItsOwnOptions()
    {
        await using TestApi api = await TestApi.StartAsync(
            authentication: schemes => schemes
                .AddDpop("Strict", options => options.Nonces = DpopNonceMode.Required)
                .AddDpop("Strict", options => options.Algorithms.Add("ES256"))
                .AddJwtBearer("Strict", bearer => bearer.TokenValidationParameters = TokenIssuer.Parameters)
                .AddJwtBearer("Plain", bearer => bearer.TokenValidationParameters = TokenIssuer.Parameters),
            services: services => services.AddAuthorizationBuilder()
                .SetDefaultPolicy(new AuthorizationPolicyBuilder("Strict").RequireAuthenticatedUser().Build())
                .AddPolicy("plain", policy => policy.AddAuthenticationSchemes("Plain").RequireAuthenticatedUser()),
            before: app => app.MapGet("/plain", () => "plain").RequireAuthorization("plain"));

        (await _caller.SendAsync("1.1", api.Origin("1.1") + "/plain", proof: null, "Bearer")).AssertAccepted();
        Answer challenge = await _caller.SendAsync("1.1", api.Origin("1.1") + "/orders");
        Assert.NotNull(challenge.Nonce);
        Assert.EndsWith("algs=\"ES256\"", challenge.DpopChallenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventsOfTheScheme_GoOnWorkingAndCannotGoRoundTheProof()
    {
        List<string> seen = [];
        await using TestApi api = await TestApi.StartAsync(
            services: services => services.AddSingleton(seen).AddTransient<NosyEvents>(),
            authentication: schemes => schemes
                .AddJwtBearer(bearer =>
                {
                    bearer.TokenValidationParameters = TokenIssuer.Parameters;
                    bearer.EventsType = typeof(NosyEvents);
                })
                .AddDpop());
        string uri = api.Origin("1.1") + "/orders";

        (await _caller.SendAsync("1.1", uri)).AssertAccepted();
        (await _caller.SendAsync("1.1", uri, proof => proof.Claims["htm"] = "POST")).AssertRefused("invalid_dpop_proof", "htm");
        Answer byQuery = await _caller.SendWithoutCredentialsAsync("1.1", $"{uri}?access_token={_caller.Token}");
        byQuery.AssertRefused("invalid_token", "bound to a key");
        Assert.Equal(["validated alice", "validated alice", "challenged", "validated alice", "challenged"], seen);
    }

    [Fact]
    public async Task EventThatAnswersTheChallengeItself_StillChallengesWithDpop()
    {
        await using TestApi api = await TestApi.StartAsync(authentication: schemes => schemes
            .AddJwtBearer(bearer => bearer.Events = new JwtBearerEvents
            {
                OnChallenge = async context =>
                {
                    context.HandleResponse();
                    context.Response.StatusCode = 401;
                    await context.Response.Body.WriteAsync("mine"u8.ToArray());
                },
            })
            .AddDpop());

        Answer answer = await _caller.SendWithoutCredentialsAsync("1.1", api.Origin("1.1") + "/orders");

        Assert.Equal("mine", answer.Body);
        Assert.StartsWith("DPoP algs=", Assert.Single(answer.Challenges), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RoutingAfterAuthentication_StillHoldsTheEndpointsRequirement()
    {
        await using TestApi api = await TestApi.StartAsync(
            options => options.BearerTokens = DpopBearerTokens.AllowUnbound, before: app => app.UseAuthentication());
        string origin = api.Origin("1.1");
        string unbound = TokenIssuer.Issue(thumbprint: null);

        (await _caller.SendAsync("1.1", origin + "/only-dpop", proof: null, "Bearer", token: unbound)).AssertRefused("invalid_token", "only DPoP");
        Answer challenge = await _caller.SendAsync("1.1", origin + "/only-nonce");
        challenge.AssertRefused("use_dpop_nonce");
        (await _caller.SendAsync("1.1", origin + "/only-nonce", _caller.Proof(origin + "/only-nonce", nonce: challenge.Nonce).ToString())).AssertAccepted();
        (await _caller.SendAsync("1.1", origin + "/only-nonce", _caller.Proof(origin + "/only-nonce", nonce: "other").ToString())).AssertRefused("use_dpop_nonce");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoncesOfAnotherInstance_AreAcceptedWithTheSameSecretAndWhileItChanges(bool isChanging)
    {
        string secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
        string next = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await using TestApi one = await TestApi.StartAsync(options =>
        {
            options.Nonces = DpopNonceMode.Required;
            options.TimeProvider = clock;
            options.NonceSecret = secret;
            options.OtherNonceSecret = isChanging ? next : null;
        });
        await using TestApi other = await TestApi.StartAsync(options =>
        {
            options.Nonces = DpopNonceMode.Required;
            options.TimeProvider = clock;
            options.NonceSecret = isChanging ? next : secret;
            options.OtherNonceSecret = isChanging ? secret : null;
        });
        string uri = other.Origin("1.1") + "/orders";
        string nonce = (await _caller.SendAsync("1.1", one.Origin("1.1") + "/orders")).Nonce!;

        using Caller caller = new() { Clock = clock };
        Answer answer = await caller.SendAsync("1.1", uri, caller.Proof(uri, nonce: nonce).ToString());

        answer.AssertAccepted();
        Assert.Equal(isChanging, answer.Nonce is not null);
    }

    [Fact]
    public async Task Attributes_DoAsTheCallsDo()
    {
        await using TestApi api = await TestApi.StartAsync(options => options.BearerTokens = DpopBearerTokens.AllowUnbound, before: app =>
        {
            app.MapGet("/attribute", [RequireDpop] () => "dpop");
            app.MapGet("/nonce-attribute", [RequireDpopNonce] () => "nonce");
        });
        string origin = api.Origin("1.1");
        string unbound = TokenIssuer.Issue(thumbprint: null);

        (await _caller.SendAsync("1.1", origin + "/attribute")).AssertAccepted();
        (await _caller.SendAsync("1.1", origin + "/attribute", proof: null, "Bearer", token: unbound)).AssertRefused("invalid_token", "only DPoP");
        (await _caller.SendAsync("1.1", origin + "/nonce-attribute")).AssertRefused("use_dpop_nonce");
        Assert.Equal(HttpStatusCode.Unauthorized, (await _caller.SendWithoutCredentialsAsync("1.1", origin + "/attribute")).Status);
    }

    [Fact]
    public async Task AddDpop_WithASchemeThatHasBeenProtectedTwice_ChangesNothing()
    {
        await using TestApi api = await TestApi.StartAsync(authentication: schemes => schemes
            .AddDpop()
            .AddJwtBearer(bearer => bearer.TokenValidationParameters = TokenIssuer.Parameters)
            .AddDpop()
            .AddDpop());

        (await _caller.SendAsync("1.1", api.Origin("1.1") + "/orders")).AssertAccepted();
    }

    [Fact]
    public async Task Cors_OneCall_LetsScriptsSendProofsAndReadNonces()
    {
        await using TestApi api = await TestApi.StartAsync(
            options => options.Nonces = DpopNonceMode.Required,
            services => services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins("https://app.example").WithDpop())));
        using HttpClient http = new();
        using HttpRequestMessage preflight = new(HttpMethod.Options, api.Origin("1.1") + "/orders");
        preflight.Headers.Add("Origin", "https://app.example");
        preflight.Headers.Add("Access-Control-Request-Method", "GET");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,dpop");
        using HttpRequestMessage request = new(HttpMethod.Get, api.Origin("1.1") + "/orders");
        request.Headers.Add("Origin", "https://app.example");

        using HttpResponseMessage allowed = await http.SendAsync(preflight);
        using HttpResponseMessage refused = await http.SendAsync(request);

        Assert.Equal("Authorization,DPoP", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Headers")), ignoreCase: true);
        Assert.Equal("DPoP-Nonce,WWW-Authenticate", Assert.Single(refused.Headers.GetValues("Access-Control-Expose-Headers")));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.True(refused.Headers.Contains("DPoP-Nonce"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cors_PolicyThatAllowsAnyHeader_StillDoes(bool isAfter)
    {
        await using TestApi api = await TestApi.StartAsync(services: services => services.AddCors(cors => cors.AddDefaultPolicy(policy =>
        {
            policy.WithOrigins("https://app.example").AllowAnyMethod().AllowCredentials();
            _ = isAfter ? policy.AllowAnyHeader().WithDpop() : policy.WithDpop().AllowAnyHeader();
        })));
        using HttpClient http = new();
        using HttpRequestMessage preflight = new(HttpMethod.Options, api.Origin("1.1") + "/orders");
        preflight.Headers.Add("Origin", "https://app.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,dpop");

        using HttpResponseMessage allowed = await http.SendAsync(preflight);

        Assert.Equal("authorization,content-type,dpop", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Headers")), ignoreCase: true);
    }

    private Task<Answer> SendAsync(string uri, string token)
    {
        _caller.Token = token;
        return _caller.SendAsync("1.1", uri);
    }

    private sealed class NosyEvents(List<string> seen) : JwtBearerEvents
    {
        public override Task MessageReceived(MessageReceivedContext context)
        {
            context.Token = context.Request.Query["access_token"];
            return Task.CompletedTask;
        }

        public override Task TokenValidated(TokenValidatedContext context)
        {
            seen.Add($"validated {context.Principal!.FindFirst(claim => claim.Value == "alice")?.Value}");
            return Task.CompletedTask;
        }

        public override Task Challenge(JwtBearerChallengeContext context)
        {
            seen.Add("challenged");
            return Task.CompletedTask;
        }
    }
}
