using Duende.IdentityModel.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tests.Docs;

/// <summary>What the blocks of the documentation may take for given.</summary>
public static class DocumentationWorld
{
    public static readonly string[] Namespaces =
    [
        "System", "System.Buffers.Text", "System.Collections.Generic", "System.Diagnostics", "System.IO", "System.Linq", "System.Net", "System.Net.Http",
        "System.Net.Http.Headers", "System.Security.Cryptography", "System.Text", "Duende.IdentityModel", "Duende.IdentityModel.Client",
        "System.Net.Http.Json", "System.Threading", "System.Threading.Tasks", "DpopHttp", "DpopHttp.Tests.Docs", "DpopHttp.Testing",
        "DpopHttp.Verification",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.AspNetCore.DataProtection",
        "System.Security.Cryptography.X509Certificates", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Http", "Microsoft.Extensions.Hosting",
        "Microsoft.Extensions.Logging",
    ];

    public static WebApplicationBuilder builder => throw new NotSupportedException();

    public static IServiceCollection services => throw new NotSupportedException();

    public static IServiceProvider provider => throw new NotSupportedException();

    public static IConfiguration configuration => throw new NotSupportedException();

    public static HttpClient http => throw new NotSupportedException();

    public static HttpMessageHandler server => throw new NotSupportedException();

    public static ECDsaSecurityKey issuerKey => throw new NotSupportedException();

    public static DpopKey key => throw new NotSupportedException();

    public static string accessToken => throw new NotSupportedException();

    public static string passphrase => throw new NotSupportedException();

    public static string refreshToken => throw new NotSupportedException();

    public static DpopRefreshTokenStore store => throw new NotSupportedException();

    public static HttpClient identity => throw new NotSupportedException();

    public static DiscoveryDocumentResponse login => throw new NotSupportedException();

    public static string state => throw new NotSupportedException();

    public static string verifier => throw new NotSupportedException();

    public static string url => throw new NotSupportedException();

    public static string code => throw new NotSupportedException();
}

/// <summary>The typed client of the examples.</summary>
public sealed class OrdersClient(HttpClient http)
{
    public Task<string> GetAsync() => http.GetStringAsync(new Uri("orders", UriKind.Relative));
}

/// <summary>The signer of the examples.</summary>
public sealed class MySigner : DpopSigner
{
    public override string Algorithm => throw new NotSupportedException();

    public override string PublicJwk => throw new NotSupportedException();

    public override ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => throw new NotSupportedException();
}
