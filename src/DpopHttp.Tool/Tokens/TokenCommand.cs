using System.CommandLine;
using DpopHttp.Tool.Commands;
using DpopHttp.Tool.Grants;
using DpopHttp.Tool.Http;
using DpopHttp.Tool.Inputs;
using DpopHttp.Tool.Output;
using DpopHttp.Tool.TokenFiles;
using DpopHttp.Tool.Tokens.Flows;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tool.Tokens;

/// <summary>dpop token: gets an access token that is bound to the key, and keeps it beside the key.</summary>
internal sealed class TokenCommand(ToolConsole console)
{
    private readonly KeyOptions _key = new();
    private readonly GrantOptions _grant = new();
    private readonly HttpOptions _http = new();

    private readonly Option<string[]> _for = new("--for")
    {
        Description = "An API that the token may be sent to. 'dpop call' sends it to no other. Default: the origins of --resource. With --refresh: which token to renew.",
        HelpName = "URL",
    };

    private readonly Option<bool> _print = new("--print") { Description = "Print the access token and nothing else, and don't store it." };

    private readonly Option<bool> _login = new("--login") { Description = "Sign a user in with a browser on this machine: authorization code with PKCE, and PAR where the server has it." };
    private readonly Option<bool> _device = new("--device") { Description = "Sign a user in with a code that is entered on any device (RFC 8628)." };
    private readonly Option<bool> _refresh = new("--refresh") { Description = "Renew the stored token with its refresh token." };
    private readonly Option<bool> _noBrowser = new("--no-browser") { Description = "With --login: print the address, and don't open a browser." };

    private readonly Option<int> _redirectPort = new("--redirect-port")
    {
        Description = $"With --login: the port of http://127.0.0.1:PORT{CallbackPage.Path}, for servers that want it registered. Default: any.",
        HelpName = "PORT",
    };

    public Command Create()
    {
        Command command = new(
            "token",
            "Get an access token that is bound to the key, and store it beside the key in a file that only you may read. 'dpop call' finds it there. "
            + "Without --login, --device or --refresh, the client gets one for itself (client credentials).");
        _grant.AddTo(command);
        foreach (Option option in (Option[])[_login, _device, _refresh, _noBrowser, _redirectPort])
        {
            command.Options.Add(option);
        }

        command.Options.Add(_for);
        command.Options.Add(_print);
        _key.AddTo(command);
        _http.AddTo(command);
        command.WithExamples(
            "dpop token --issuer https://issuer.example.com --client-id orders --secret-file secret.txt --resource https://api.example.com",
            "dpop token --issuer https://issuer.example.com --client-id orders --assertion-key client.jwk --for https://api.example.com",
            "dpop token --issuer https://issuer.example.com --client-id cli --login --scope 'openid offline_access' --for https://api.example.com",
            "dpop token --issuer https://issuer.example.com --client-id cli --refresh",
            "TOKEN=$(dpop token --issuer https://issuer.example.com --client-id orders --secret-file secret.txt --print)");
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (new[] { _login, _device, _refresh }.Count(option => arguments.GetValue(option)) > 1)
        {
            throw new ToolException("Give one of --login, --device and --refresh.");
        }

        ClientGrant grant = await _grant.ReadAsync(arguments, console, cancellationToken).ConfigureAwait(false);
        List<string> origins = OriginsOf(arguments.GetValue(_for) ?? [], grant.Resources);
        using DpopKey key = await _key.OpenAsync(arguments, console, cancellationToken).ConfigureAwait(false);
        StoredTokens stored = new(_key.PathOf(arguments, console));
        bool isRenewed = arguments.GetValue(_refresh), isPrintedAlone = arguments.GetValue(_print) && !isRenewed;
        if (origins.Count == 0 && !isRenewed && !isPrintedAlone)
        {
            throw new ToolException("Say which API the token is for, with --for or --resource: it will be sent to no other. Or give --print to get it and store nothing.");
        }

        StoredToken token = isRenewed
            ? await RenewAsync(arguments, stored, grant, key, origins, cancellationToken).ConfigureAwait(false)
            : await GetAsync(arguments, grant, key, cancellationToken).ConfigureAwait(false) with { Origins = origins };
        if (!isPrintedAlone && !isRenewed)
        {
            stored.Save(token);
        }

        if (arguments.GetValue(_print))
        {
            await console.Output.WriteLineAsync(token.AccessToken).ConfigureAwait(false);
        }
        else
        {
            Describe(token, stored);
        }

        return ExitCodes.Success;
    }

    private async Task<StoredToken> RenewAsync(
        ParseResult arguments, StoredTokens stored, ClientGrant grant, DpopKey key, IReadOnlyList<string> origins, CancellationToken cancellationToken)
    {
        using FileStream held = await stored.HoldAsync(cancellationToken).ConfigureAwait(false);
        StoredToken old = FindOld(stored, grant, key, origins);
        StoredToken token = await new RefreshFlow(_http, arguments, key, console.TimeProvider).RunAsync(old, grant, cancellationToken).ConfigureAwait(false);
        stored.Save(token);
        return token;
    }

    /// <summary>The token to renew. To guess among several would renew the token of another API, or use up its refresh token.</summary>
    private static StoredToken FindOld(StoredTokens stored, ClientGrant grant, DpopKey key, IReadOnlyList<string> origins)
    {
        IReadOnlyList<StoredToken> all = stored.FindRenewable(grant.Issuer.OriginalString, grant.ClientId, key.Thumbprint);
        StoredToken[] fitting = [.. all.Where(token => origins.All(origin => token.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase)))];
        return fitting switch
        {
            [var token] => token,
            [] when all.Count == 0 => throw new ToolException(
                $"There is no refresh token of {grant} for this key in {stored.Path}. Sign in with --login or --device; many servers give one for the scope offline_access."),
            [] => throw new ToolException($"No refresh token of {grant} is for {string.Join(" and ", origins)}. Those in {stored.Path} are for {Describe(all)}."),
            _ => throw new ToolException($"{grant} has several refresh tokens for this key, for {Describe(fitting)}. Say with --for which one is to be renewed."),
        };
    }

    private static string Describe(IEnumerable<StoredToken> tokens) => string.Join(" or ", tokens.Select(token => string.Join(" and ", token.Origins)));

    private async Task<StoredToken> GetAsync(ParseResult arguments, ClientGrant grant, DpopKey key, CancellationToken cancellationToken)
    {
        bool isDevices = arguments.GetValue(_device), isUsers = isDevices || arguments.GetValue(_login);
        bool allowsInsecureHttp = _http.AllowsInsecureHttp(arguments);
        TimeSpan timeout = _http.TimeoutOf(arguments);
        SocketsHttpHandler CreatePrimary() => _http.CreatePrimary(arguments);
        ServiceProvider clients = isUsers
            ? TokenClients.CreateIdentity(key, grant, CreatePrimary, allowsInsecureHttp, timeout)
            : TokenClients.Create(key, grant, null, CreatePrimary, allowsInsecureHttp);
        await using (clients.ConfigureAwait(false))
        {
            if (!isUsers)
            {
                using AnswerTimer timer = new(timeout);
                DpopAccessToken token = await timer.WaitAsync(
                    limited => clients.GetRequiredService<IDpopTokens>().GetAsync(TokenClients.Name, limited).AsTask(), cancellationToken).ConfigureAwait(false);
                return Create(grant, key, token.Value, token.ExpiresAt, null);
            }

            using HttpClient http = clients.GetRequiredService<IHttpClientFactory>().CreateClient(TokenClients.Name);
            IdentitySession session = await IdentitySession.BeginAsync(http, grant, key, allowsInsecureHttp, cancellationToken).ConfigureAwait(false);
            TokenResponse answer = isDevices
                ? await DeviceFlow.RunAsync(session, console, cancellationToken).ConfigureAwait(false)
                : await new LoginFlow(session, console, arguments.GetValue(_redirectPort), !arguments.GetValue(_noBrowser)).RunAsync(cancellationToken).ConfigureAwait(false);
            return Create(grant, key, answer.AccessToken!, TokenAnswer.ExpiryOf(answer, console.TimeProvider), answer.RefreshToken);
        }
    }

    private static StoredToken Create(ClientGrant grant, DpopKey key, string token, DateTimeOffset? expiry, string? refreshToken) => new()
    {
        Issuer = grant.Issuer.OriginalString,
        ClientId = grant.ClientId,
        AccessToken = token,
        Thumbprint = key.Thumbprint,
        Origins = [],
        ExpiresAt = expiry,
        Scope = grant.Scope,
        Resources = grant.Resources,
        RefreshToken = refreshToken,
    };

    private void Describe(StoredToken token, StoredTokens stored) => new Listing()
        .Add("token", Secret.Shorten(token.AccessToken))
        .Add("bound to", token.Thumbprint)
        .Add("expires", token.ExpiresAt?.ToString("u", System.Globalization.CultureInfo.InvariantCulture))
        .Add("renewable", token.RefreshToken is null ? null : "yes")
        .Add("for", string.Join(' ', token.Origins))
        .Add("stored in", stored.Path)
        .WriteTo(console);

    private static List<string> OriginsOf(string[] given, IReadOnlyList<string> resources)
    {
        List<string> origins = [.. given.Select(url => HttpUrl.Parse(url, "--for").GetLeftPart(UriPartial.Authority))];
        if (origins.Count == 0)
        {
            origins.AddRange(resources
                .Where(resource => Uri.TryCreate(resource, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))
                .Select(resource => new Uri(resource).GetLeftPart(UriPartial.Authority)));
        }

        return [.. origins.Distinct(StringComparer.OrdinalIgnoreCase)];
    }
}
