using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DpopHttp.Tests.Support;
using DpopHttp.Tool.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tool.Tests.Http;

/// <summary>--cacert, and a server whose certificate is of an authority that was made for the test.</summary>
public sealed class AuthorityTests : IAsyncLifetime
{
    private readonly ToolBench _bench = new();
    private readonly X509Certificate2 _authority = CreateAuthority();
    private LoopbackCertificate _certificate = null!;
    private LoopbackServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        _certificate = new LoopbackCertificate(_authority);
        _server = await LoopbackServer.StartAsync(
            context =>
            {
                context.Response.StatusCode = context.Request.Headers.Authorization == "DPoP t" ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
                return Task.CompletedTask;
            },
            certificate: _certificate);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
        _authority.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task A_server_of_the_authority_is_trusted() => (await CallAsync("--cacert", Write(_authority))).Succeeded();

    [Fact]
    public async Task The_file_may_have_several()
    {
        using X509Certificate2 other = CreateAuthority();
        string file = _bench.Write("both.pem", other.ExportCertificatePem() + "\n" + _authority.ExportCertificatePem());
        (await CallAsync("--cacert", file)).Succeeded();
    }

    [Fact]
    public async Task A_server_of_another_authority_is_an_error_that_names_the_option()
    {
        using X509Certificate2 other = CreateAuthority();
        Assert.Contains("--cacert", (await CallAsync("--cacert", Write(other))).Failed().Error, StringComparison.Ordinal);
        Assert.Contains("--cacert", (await CallAsync()).Failed().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_proxy_trusts_it_as_well()
    {
        using HttpClient client = new();
        Assert.Equal(HttpStatusCode.OK, await ThroughProxyAsync(client, "--cacert", Write(_authority)));
        Assert.Equal(HttpStatusCode.BadGateway, await ThroughProxyAsync(client));
    }

    private async Task<HttpStatusCode> ThroughProxyAsync(HttpClient client, params string[] arguments)
    {
        await using RunningTool proxy = await _bench.StartAsync(["proxy", "--to", _server.BaseAddress.AbsoluteUri, "--port", "0", "--token", "t", .. arguments]);
        using HttpResponseMessage response = await client.GetAsync(new Uri(proxy.Url), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private Task<ToolRun> CallAsync(params string[] arguments) => _bench.RunAsync(["call", _server.BaseAddress.AbsoluteUri, "--token", "t", .. arguments]);

    private string Write(X509Certificate2 authority) => _bench.Write("ca.pem", authority.ExportCertificatePem());

    private static X509Certificate2 CreateAuthority()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN=authority {Guid.NewGuid():N}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }
}
