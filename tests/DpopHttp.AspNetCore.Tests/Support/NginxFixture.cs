using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DpopHttp.AspNetCore.Tests.Support;

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

    private string OriginOf(string version, int apiPort)
    {
        string program = Tools.DemandNginx();
        lock (_gate)
        {
            if (_guard is null)
            {
                Start(program);
            }

            return $"http://p{apiPort}.localhost:{(version == "2.0" ? _http2Port : _port)}";
        }
    }

    private void Start(string program)
    {
        (_port, _http2Port) = (Repository.FindPort(), Repository.FindPort());
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
                        proxy_set_header X-Forwarded-Proto $scheme;
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
