using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DpopHttp.AspNetCore.Tests.Support;
using DpopHttp.Tests.Support;

[assembly: AssemblyFixture(typeof(NginxFixture))]

namespace DpopHttp.AspNetCore.Tests.Support;

/// <summary>
/// One nginx in front of all APIs of the tests, with a port for HTTP/1.1 and one for HTTP/2. Which API a request is for is in its host:
/// <c>p5000.localhost</c> stands for port 5000.
/// </summary>
public sealed class NginxFixture : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static NginxFixture? _current;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly Lock _gate = new();
    private Process? _guard;
    private int _port;
    private int _http2Port;
    private int _tlsPort;
    private X509Certificate2? _certificate;

    public ValueTask InitializeAsync()
    {
        _current = this;
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_guard is not null)
        {
            await _guard.StandardInput.DisposeAsync();
            await _guard.WaitForExitAsync().WaitAsync(Patience);
            _guard.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>The address by which clients reach an API through nginx. The first call starts nginx.</summary>
    public static string Origin(string version, int apiPort) => _current!.OriginOf(version, apiPort);

    /// <summary>
    /// The address of an API behind an nginx that ends TLS and calls the API by another name, so that only forwarded headers tell what the
    /// client called it.
    /// </summary>
    public static string TlsOrigin(int apiPort)
    {
        _current!.DemandStarted();
        return $"https://f{apiPort}.api.localhost:{_current._tlsPort}";
    }

    /// <summary>What <see cref="TlsOrigin"/> shows; it is made anew for each run.</summary>
    public static X509Certificate2? Certificate => _current?._certificate;

    private string OriginOf(string version, int apiPort)
    {
        DemandStarted();
        return $"http://p{apiPort}.localhost:{(version == "2.0" ? _http2Port : _port)}";
    }

    private void DemandStarted()
    {
        string program = Tools.DemandNginx();
        lock (_gate)
        {
            if (_guard is null)
            {
                Start(program);
            }
        }
    }

    private void Start(string program)
    {
        (_port, _http2Port, _tlsPort) = (FreePort.Find(), FreePort.Find(), FreePort.Find());
        WriteCertificate();
        string configuration = Path.Combine(_folder.FullName, "nginx.conf");
        File.WriteAllText(configuration, $$"""
            daemon off;
            master_process off;
            error_log stderr crit;
            pid {{_folder.FullName}}/nginx.pid;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path {{_folder.FullName}}/body;
                proxy_temp_path {{_folder.FullName}}/proxy;
                fastcgi_temp_path {{_folder.FullName}}/fastcgi;
                uwsgi_temp_path {{_folder.FullName}}/uwsgi;
                scgi_temp_path {{_folder.FullName}}/scgi;
                large_client_header_buffers 4 32k;
                merge_slashes off;
                server {
                    listen 127.0.0.1:{{_port}};
                    listen 127.0.0.1:{{_http2Port}} http2;
                    server_name ~^p(?<upstream>\d+)\.localhost$;
                    location / {
                        proxy_pass http://127.0.0.1:$upstream;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                    }
                }
                server {
                    listen 127.0.0.1:{{_tlsPort}} ssl http2;
                    server_name ~^f(?<upstream>\d+)\.api\.localhost$;
                    ssl_certificate {{_folder.FullName}}/certificate.pem;
                    ssl_certificate_key {{_folder.FullName}}/key.pem;
                    location / {
                        proxy_pass http://127.0.0.1:$upstream;
                        proxy_http_version 1.1;
                        proxy_set_header Host internal.example;
                        proxy_set_header X-Forwarded-For $remote_addr;
                        proxy_set_header X-Forwarded-Proto $scheme;
                        proxy_set_header X-Forwarded-Host $http_host;
                    }
                }
            }
            """);

        // A shell stands between, so that nginx ends with this process however that ends: then the shell's input is closed.
        _guard = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", "\"$@\" & cat >/dev/null; kill -KILL $!; wait", "sh", program, "-c", configuration },
            RedirectStandardInput = true,
        })!;
        long began = Stopwatch.GetTimestamp();
        while (!Answers(_port))
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "nginx has not started.");
            Thread.Sleep(20);
        }
    }

    private void WriteCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("*.api.localhost");
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(12));
        File.WriteAllText(Path.Combine(_folder.FullName, "certificate.pem"), _certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder.FullName, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private static bool Answers(int port)
    {
        try
        {
            using TcpClient tcp = new();
            tcp.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
