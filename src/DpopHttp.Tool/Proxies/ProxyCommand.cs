using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using DpopHttp.Tool.Commands;
using DpopHttp.Tool.Grants;
using DpopHttp.Tool.Hosting;
using DpopHttp.Tool.Http;
using DpopHttp.Tool.Inputs;
using DpopHttp.Tool.Output;
using DpopHttp.Tool.TokenFiles;
using DpopHttp.Tool.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tool.Proxies;

/// <summary>dpop proxy: lets tools that know nothing of DPoP call an API that demands it.</summary>
internal sealed class ProxyCommand(ToolConsole console)
{
    private const int DefaultPort = 9450;

    private readonly Option<string> _to = new("--to") { Description = "The API to call. A path in it is put before the path of each request.", HelpName = "URL", Required = true };
    private readonly Option<int> _port = new("--port", "-p") { Description = "The port on 127.0.0.1; 0 for any.", HelpName = "PORT", DefaultValueFactory = _ => DefaultPort };

    private readonly Option<bool> _open = new("--no-secret")
    {
        Description = "Leave the secret out of the path. Every program of every user of this machine can then use your token.",
    };

    private readonly Option<string[]> _origins = new("--allow-origin") { Description = "A web page's origin whose scripts may use the proxy. May be given several times.", HelpName = "ORIGIN" };

    private readonly KeyOptions _key = new();
    private readonly TokenOptions _token = new();
    private readonly GrantOptions _grant = new();
    private readonly HttpOptions _http = new();

    public Command Create()
    {
        Command command = new(
            "proxy",
            "Run a proxy on this machine that adds token and proofs, so that any HTTP client can call the API without knowing DPoP. Web pages can't use it, and cookies are dropped.")
        {
            _to, _port, _open, _origins,
        };
        _key.AddTo(command);
        _token.AddTo(command);
        _grant.AddTo(command);
        _http.AddTo(command);
        command.WithExamples(
            "dpop proxy --to https://api.example.com      # with the stored token",
            "dpop proxy --to https://api.example.com --issuer https://issuer.example.com --client-id orders --secret-file secret.txt",
            "curl http://127.0.0.1:9450/SECRET/orders");
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        Uri api = HttpUrl.Parse(arguments.GetValue(_to)!, "--to");
        string[] origins = [.. (arguments.GetValue(_origins) ?? []).Select(origin => HttpUrl.Parse(origin, "--allow-origin").GetLeftPart(UriPartial.Authority))];
        string? token = await _token.ReadAsync(arguments, console, cancellationToken).ConfigureAwait(false);
        using DpopKey key = await _key.OpenAsync(arguments, console, cancellationToken).ConfigureAwait(false);
        string? secret = arguments.GetValue(_open) ? null : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
        string prefix = secret is null ? "" : "/" + secret;

        ClientGrant? grant = _grant.IsGiven(arguments) ? await _grant.ReadAsync(arguments, console, cancellationToken).ConfigureAwait(false) : null;
        ServiceProvider? clients = grant is null ? null : TokenClients.Create(key, grant, api, () => _http.CreatePrimary(arguments), _http.AllowsInsecureHttp(arguments));
        using HttpClient client = clients?.GetRequiredService<IHttpClientFactory>().CreateClient(TokenClients.Name) ?? CreateClient(arguments, key);
        StoredTokens stored = new(_key.PathOf(arguments, console));
        TokenRenewal renewal = new(console, stored, key, _http, arguments, isVerbose: true);
        Func<HttpRequestMessage, CancellationToken, Task> authorize = token is null ? renewal.AuthorizeAsync : (request, _) =>
        {
            request.Headers.TryAddWithoutValidation("Authorization", "DPoP " + token);
            return Task.CompletedTask;
        };
        ProxyTarget target = new(api, client, _http.TimeoutOf(arguments), grant is null ? authorize : null, prefix);
        Forwarder forwarder = new(console, new ProxyGuard(secret, origins), target, origins);
        LoopbackHost host = await LoopbackHost.StartAsync(arguments.GetValue(_port), forwarder.HandleAsync, cancellationToken).ConfigureAwait(false);
        await using (host.ConfigureAwait(false))
        {
            new Listing().Add("proxy", $"{host.Origin}{prefix}/").Add("api", api.OriginalString).WriteTo(console);
            console.Note("Whoever knows the proxy's address can use your token. Ctrl+C ends it.");
            console.Output.Flush();
            await LoopbackHost.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (clients is not null)
        {
            await clients.DisposeAsync().ConfigureAwait(false);
        }

        return ExitCodes.Success;
    }

    private HttpClient CreateClient(ParseResult arguments, DpopKey key)
    {
        DpopOptions options = new() { FollowRedirects = false, AllowInsecureHttp = _http.AllowsInsecureHttp(arguments) };
        return new HttpClient(new DpopHandler(key, options) { InnerHandler = _http.CreatePrimary(arguments) }) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
