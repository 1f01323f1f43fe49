using System.Diagnostics;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using DpopHttp.AspNetCore;
using DpopHttp.Verification;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Benchmarks.Verification;

/// <summary>
/// What DPoP costs beside JwtBearer alone, in authentication and in a whole request through the middleware for routing, authentication and
/// authorization to an endpoint: all of it but the sockets.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class AuthenticationBenchmarks : IDisposable
{
    private readonly DpopKey _key = DpopKey.Generate();
    private readonly ECDsa _issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ServiceProvider _plain;
    private readonly ServiceProvider _dpop;
    private readonly RequestDelegate _plainApi;
    private readonly RequestDelegate _dpopApi;
    private readonly string _token;
    private readonly string _proof;

    public AuthenticationBenchmarks()
    {
        ECDsaSecurityKey key = new(_issuer) { KeyId = "issuer" };
        _token = new JsonWebTokenHandler().CreateToken(
            $$$"""{"iss":"issuer","aud":"api","sub":"alice","scope":"orders","exp":4102444800,"cnf":{"jkt":"{{{_key.Thumbprint}}}"}}""",
            new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256));
        _proof = DpopProof.Create(_key, HttpMethod.Get, new Uri("https://api.example.com/orders"), _token);
        _plain = Services(key, _ => { });
        _dpop = Services(key, schemes => schemes.AddDpop(options => options.ProofLifetime = TimeSpan.FromHours(1)));
        _plainApi = Api(_plain);
        _dpopApi = Api(_dpop);
    }

    [BenchmarkCategory("Authentication"), Benchmark(Baseline = true)]
    public Task<string> JwtBearerAlone() => AuthenticateAsync(_plain, "Bearer", null);

    [BenchmarkCategory("Authentication"), Benchmark]
    public Task<string> JwtBearerWithDpop() => AuthenticateAsync(_dpop, "DPoP", _proof);

    [BenchmarkCategory("Request"), Benchmark(Baseline = true)]
    public Task RequestWithJwtBearerAlone() => RequestAsync(_plain, _plainApi, "Bearer", null);

    [BenchmarkCategory("Request"), Benchmark]
    public Task RequestWithDpop() => RequestAsync(_dpop, _dpopApi, "DPoP", _proof);

    [GlobalCleanup]
    public void Dispose()
    {
        _key.Dispose();
        _issuer.Dispose();
        _plain.Dispose();
        _dpop.Dispose();
        GC.SuppressFinalize(this);
    }

    private static ServiceProvider Services(SecurityKey issuer, Action<AuthenticationBuilder> add)
    {
        ServiceCollection services = new();
        services.AddLogging().AddRouting().AddAuthorization();
        services.AddSingleton(new DiagnosticListener("benchmarks"));
        services.AddSingleton<DpopReplayStore, ForgetfulStore>();
        AuthenticationBuilder schemes = services.AddAuthentication("Bearer").AddJwtBearer(bearer =>
        {
            bearer.MapInboundClaims = false;
            bearer.TokenValidationParameters = new TokenValidationParameters { ValidIssuer = "issuer", ValidAudience = "api", IssuerSigningKey = issuer };
        });
        add(schemes);
        return services.BuildServiceProvider();
    }

    private static RequestDelegate Api(ServiceProvider services)
    {
        ApplicationBuilder app = new(services);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseEndpoints(endpoints => endpoints.MapGet("/orders", Answer).RequireAuthorization());
        return app.Build();
    }

    private static Task Answer(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private async Task<string> AuthenticateAsync(ServiceProvider services, string scheme, string? proof)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        AuthenticateResult result = await Context(scope, scheme, proof).AuthenticateAsync("Bearer");
        return result.Succeeded ? result.Principal.GetDpopThumbprint()! : throw new InvalidOperationException($"The token must be good: {result.Failure}");
    }

    private async Task RequestAsync(ServiceProvider services, RequestDelegate api, string scheme, string? proof)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        DefaultHttpContext context = Context(scope, scheme, proof);
        await api(context);
        if (context.Response.StatusCode != StatusCodes.Status204NoContent)
        {
            throw new InvalidOperationException($"The request must be accepted; it was answered with {context.Response.StatusCode}.");
        }
    }

    private DefaultHttpContext Context(AsyncServiceScope scope, string scheme, string? proof)
    {
        DefaultHttpContext context = new() { RequestServices = scope.ServiceProvider };
        context.Request.Method = "GET";
        context.Request.Scheme = "https";
        context.Request.Host = new HostString("api.example.com");
        context.Request.Path = "/orders";
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/orders";
        context.Request.Headers.Authorization = $"{scheme} {_token}";
        context.Request.Headers["DPoP"] = proof;
        return context;
    }
}
