using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DpopHttp.Tests.Support;

namespace DpopHttp.Interop.Tests.Proxies;

/// <summary>An nginx that hands requests on, with a port for HTTP/1.1 and one for HTTP/2.</summary>
internal sealed class NginxServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly Process _guard;
    private readonly int _http1 = FreePort.Find();
    private readonly int _http2 = FreePort.Find();

    private NginxServer(Uri upstream)
    {
        string configuration = Path.Combine(_folder.FullName, "nginx.conf");
        File.WriteAllText(configuration, $$"""
            daemon off;
            master_process off;
            error_log stderr crit;
            pid {{_folder.FullName}}/nginx.pid;
            events { worker_connections 256; }
            http {
                access_log off;
                client_max_body_size 0;
                client_body_temp_path {{_folder.FullName}}/body;
                proxy_temp_path {{_folder.FullName}}/proxy;
                fastcgi_temp_path {{_folder.FullName}}/fastcgi;
                uwsgi_temp_path {{_folder.FullName}}/uwsgi;
                scgi_temp_path {{_folder.FullName}}/scgi;
                server {
                    listen 127.0.0.1:{{_http1}};
                    listen 127.0.0.1:{{_http2}} http2;
                    location / {
                        proxy_pass {{upstream.GetLeftPart(UriPartial.Authority)}};
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                    }
                }
            }
            """);

        // A shell stands between: nginx ends with this process, however that ends, since the shell's input is closed then.
        _guard = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", "\"$@\" & cat >/dev/null; kill -KILL $!; wait", "sh", Program, "-c", configuration },
            RedirectStandardInput = true,
        })!;
    }

    /// <summary>Starts it in front of a server.</summary>
    public static async Task<NginxServer> StartAsync(Uri upstream)
    {
        if (!File.Exists(Program))
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", "nginx is not installed.");
            throw new InvalidOperationException("nginx is not installed.");
        }

        NginxServer server = new(upstream);
        long began = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(server._http2))
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < StartLimit, "nginx has not started.");
            await Task.Delay(20);
        }

        return server;
    }

    public Uri UriFor(Version version) => new($"http://127.0.0.1:{(version.Major == 2 ? _http2 : _http1)}/");

    public async ValueTask DisposeAsync()
    {
        await _guard.StandardInput.DisposeAsync();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            using TcpClient client = new();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
