using System.CommandLine;
using DpopHttp.Tool.Commands;
using DpopHttp.Tool.Grants;
using DpopHttp.Tool.Http;
using DpopHttp.Tool.Inputs;
using DpopHttp.Tool.Output;
using DpopHttp.Tool.TokenFiles;
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
        Description = "An API that the token may be sent to. 'dpop call' sends it to no other. Default: the origins of --resource.",
        HelpName = "URL",
    };

    private readonly Option<bool> _print = new("--print") { Description = "Print the access token and nothing else, and don't store it." };

    public Command Create()
    {
        Command command = new(
            "token",
            "Get an access token that is bound to the key (client credentials), and store it beside the key in a file that only you may read. 'dpop call' finds it there.");
        _grant.AddTo(command);
        command.Options.Add(_for);
        command.Options.Add(_print);
        _key.AddTo(command);
        _http.AddTo(command);
        command.WithExamples(
            "dpop token --issuer https://issuer.example.com --client-id orders --secret-file secret.txt --resource https://api.example.com",
            "dpop token --issuer https://issuer.example.com --client-id orders --assertion-key client.jwk --for https://api.example.com",
            "TOKEN=$(dpop token --issuer https://issuer.example.com --client-id orders --secret-file secret.txt --print)");
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        ClientGrant grant = await _grant.ReadAsync(arguments, console, cancellationToken).ConfigureAwait(false);
        List<string> origins = OriginsOf(arguments.GetValue(_for) ?? [], grant.Resources);
        bool isPrinted = arguments.GetValue(_print);
        if (origins.Count == 0 && !isPrinted)
        {
            throw new ToolException("Say which API the token is for, with --for or --resource: it will be sent to no other. Or give --print to get it and store nothing.");
        }

        using DpopKey key = await _key.OpenAsync(arguments, console, cancellationToken).ConfigureAwait(false);
        ServiceProvider clients = TokenClients.Create(key, grant, null, () => _http.CreatePrimary(arguments), _http.AllowsInsecureHttp(arguments));
        await using (clients.ConfigureAwait(false))
        {
            DpopAccessToken token = await clients.GetRequiredService<IDpopTokens>().GetAsync(TokenClients.Name, cancellationToken).ConfigureAwait(false);
            if (isPrinted)
            {
                await console.Output.WriteLineAsync(token.Value).ConfigureAwait(false);
                return ExitCodes.Success;
            }

            Store(arguments, grant, origins, key, token);
            return ExitCodes.Success;
        }
    }

    private void Store(ParseResult arguments, ClientGrant grant, IReadOnlyList<string> origins, DpopKey key, DpopAccessToken token)
    {
        StoredTokens stored = new(_key.PathOf(arguments, console));
        stored.Save(new StoredToken
        {
            Issuer = grant.Issuer.OriginalString,
            ClientId = grant.ClientId,
            AccessToken = token.Value,
            Thumbprint = key.Thumbprint,
            Origins = origins,
            ExpiresAt = token.ExpiresAt,
            Scope = grant.Scope,
            Resources = grant.Resources,
        });
        new Listing()
            .Add("token", Secret.Shorten(token.Value))
            .Add("bound to", key.Thumbprint)
            .Add("expires", token.ExpiresAt.ToString("u", System.Globalization.CultureInfo.InvariantCulture))
            .Add("for", string.Join(' ', origins))
            .Add("stored in", stored.Path)
            .WriteTo(console);
    }

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
