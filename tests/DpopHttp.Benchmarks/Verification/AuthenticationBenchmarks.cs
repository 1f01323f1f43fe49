using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using DpopHttp.AspNetCore;
using DpopHttp.Verification;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Benchmarks.Verification;

/// <summary>What authentication costs with DPoP beside JwtBearer alone: the whole of it but the sockets.</summary>
[MemoryDiagnoser]
public class AuthenticationBenchmarks : IDisposable
{
    private readonly DpopKey _key = DpopKey.Generate();
    private readonly ECDsa _issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ServiceProvider _plain;
    private readonly ServiceProvider _dpop;
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
    }

    [Benchmark(Baseline = true)]
    public Task<string> JwtBearerAlone() => AuthenticateAsync(_plain, "Bearer", null);

    [Benchmark]
    public Task<string> JwtBearerWithDpop() => AuthenticateAsync(_dpop, "DPoP", _proof);

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
        services.AddLogging();
        services.AddSingleton<DpopReplayStore, ForgetfulStore>();
        AuthenticationBuilder schemes = services.AddAuthentication("Bearer").AddJwtBearer(bearer =>
        {
            bearer.MapInboundClaims = false;
            bearer.TokenValidationParameters = new TokenValidationParameters { ValidIssuer = "issuer", ValidAudience = "api", IssuerSigningKey = issuer };
        });
        add(schemes);
        return services.BuildServiceProvider();
    }

    private async Task<string> AuthenticateAsync(ServiceProvider services, string scheme, string? proof)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        DefaultHttpContext context = new() { RequestServices = scope.ServiceProvider };
        context.Request.Method = "GET";
        context.Request.Scheme = "https";
        context.Request.Host = new HostString("api.example.com");
        context.Request.Path = "/orders";
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/orders";
        context.Request.Headers.Authorization = $"{scheme} {_token}";
        context.Request.Headers["DPoP"] = proof;
        AuthenticateResult result = await context.AuthenticateAsync("Bearer");
        return result.Succeeded ? result.Principal.GetDpopThumbprint()! : throw new InvalidOperationException($"The token must be good: {result.Failure}");
    }
}
