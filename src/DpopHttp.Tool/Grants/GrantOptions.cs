using System.CommandLine;
using DpopHttp.Tool.Inputs;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Grants;

/// <summary>The options that say which authorization server to ask for tokens, and as whom.</summary>
internal sealed class GrantOptions
{
    private const string SecretVariable = "DPOP_CLIENT_SECRET";

    private readonly Option<string?> _issuer = new("--issuer") { Description = "The authorization server.", HelpName = "URL" };
    private readonly Option<string?> _client = new("--client-id") { Description = "The client that asks.", HelpName = "ID" };

    private readonly Option<string?> _secret = new("--secret")
    {
        Description = $"The client's secret. Other users of this machine can see it while the command runs; --secret-file and ${SecretVariable} hide it.",
        HelpName = "SECRET",
    };

    private readonly Option<string?> _secretFile = new("--secret-file") { Description = "A file with the client's secret, or - for standard input.", HelpName = "FILE" };

    private readonly Option<string?> _assertionKey = new("--assertion-key")
    {
        Description = "A file with the private key that the client authenticates with (private_key_jwt), as JWK or PEM.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _scope = new("--scope") { Description = "The scopes to ask for, separated by spaces.", HelpName = "SCOPE" };
    private readonly Option<string[]> _resources = new("--resource") { Description = "The API that the token is for (RFC 8707). May be given several times.", HelpName = "URL" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_issuer, _client, _secret, _secretFile, _assertionKey, _scope, _resources])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether an authorization server is named.</summary>
    public bool IsGiven(ParseResult arguments) => arguments.GetValue(_issuer) is not null;

    /// <exception cref="ToolException">Something is missing or can't be read.</exception>
    public async Task<ClientGrant> ReadAsync(ParseResult arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        Uri issuer = HttpUrl.Parse(arguments.GetValue(_issuer) ?? throw new ToolException("--issuer is missing: the authorization server to ask."), "--issuer");
        string clientId = arguments.GetValue(_client) is { Length: > 0 } id ? id : throw new ToolException("--client-id is missing: the client that asks for tokens.");
        string? secret = arguments.GetValue(_secretFile) is { } file
            ? await InputText.ReadWordAsync(console, file, "client secret", cancellationToken).ConfigureAwait(false)
            : arguments.GetValue(_secret) ?? console.GetVariable(SecretVariable);
        string? assertion = arguments.GetValue(_assertionKey) is { } key ? JwkOf(await InputText.ReadWordAsync(console, key, "key", cancellationToken).ConfigureAwait(false), key) : null;
        return secret is not null && assertion is not null && arguments.GetValue(_secret) is not null
            ? throw new ToolException("A secret and an assertion key are both given. A client authenticates in one way.")
            : new ClientGrant(issuer, clientId, assertion is null ? secret : null, assertion, arguments.GetValue(_scope), arguments.GetValue(_resources) ?? []);
    }

    private static string JwkOf(string text, string file)
    {
        if (text.StartsWith('{'))
        {
            return text;
        }

        try
        {
            using DpopKey key = DpopKey.FromPem(text);
            return key.ExportPrivateJwk();
        }
        catch (Exception exception) when (exception is ArgumentException or DpopException)
        {
            throw new ToolException($"The file {file} has no private key as JWK or PEM that can be used.", exception);
        }
    }
}
