using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using DpopHttp.Tool.Commands;
using DpopHttp.Tool.Hosting;
using DpopHttp.Tool.Inputs;
using DpopHttp.Tool.Output;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tool.Serving;

/// <summary>dpop serve: an API and a small authorization server to try a client against.</summary>
internal sealed class ServeCommand(ToolConsole console)
{
    private const int DefaultPort = 9449;

    private static readonly Dictionary<string, NonceMode> Modes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["off"] = NonceMode.Off,
        ["required"] = NonceMode.Required,
        ["rotate"] = NonceMode.Rotate,
        ["one-time"] = NonceMode.OneTime,
        ["never-accepted"] = NonceMode.NeverAccepted,
    };

    private readonly Option<int> _port = new("--port", "-p") { Description = "The port on 127.0.0.1; 0 for any.", HelpName = "PORT", DefaultValueFactory = _ => DefaultPort };

    private readonly Option<string> _nonce = new("--nonce", "-n")
    {
        Description = "off; required: one that changes each minute; rotate: a new one with each answer, only the newest is good; "
            + "one-time: each is good once; never-accepted: demanded and always refused.",
        HelpName = "MODE",
        CompletionSources = { "off", "required", "rotate", "one-time", "never-accepted" },
        DefaultValueFactory = _ => "off",
    };

    private readonly Option<string?> _issuer = new("--issuer") { Description = "Accept the access tokens of this authorization server, in place of its own.", HelpName = "URL" };

    private readonly Option<string?> _public = new("--public-url")
    {
        Description = "The origin that clients call when a proxy stands before this server. htu is compared with it.",
        HelpName = "URL",
    };

    private readonly Option<string> _client = new("--client-id") { Description = "The client that may ask for tokens.", HelpName = "ID", DefaultValueFactory = _ => "demo" };

    private readonly Option<string?> _secret = new("--client-secret") { Description = "Its secret. Default: one that is made at each start, and printed.", HelpName = "SECRET" };

    private readonly Option<int> _lifetime = new("--lifetime") { Description = "How many seconds a token is good.", HelpName = "SECONDS", DefaultValueFactory = _ => 3600 };

    public Command Create()
    {
        Command command = new(
            "serve",
            "Run an API that demands proofs, and an authorization server that gives tokens for it, on this machine only. Each refusal says why, in the answer and on the screen.")
        {
            _port, _nonce, _issuer, _public, _client, _secret, _lifetime,
        };
        command.WithExamples(
            "dpop serve",
            "dpop serve --nonce rotate --port 0",
            "dpop serve --issuer https://issuer.example.com      # for another's tokens");
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        NonceMode mode = Modes.TryGetValue(arguments.GetValue(_nonce)!, out NonceMode known)
            ? known
            : throw new ToolException($"--nonce '{Printable.Clean(arguments.GetValue(_nonce)!, 40)}' isn't one of {string.Join(", ", Modes.Keys)}.");
        Uri? issuer = arguments.GetValue(_issuer) is { } text ? HttpUrl.Parse(text, "--issuer") : null;
        string? publicOrigin = arguments.GetValue(_public) is { } url ? HttpUrl.Parse(url, "--public-url").GetLeftPart(UriPartial.Path).TrimEnd('/') : null;
        IReadOnlyList<SecurityKey>? foreignKeys = issuer is null ? null : await ForeignIssuer.FetchKeysAsync(issuer, cancellationToken).ConfigureAwait(false);
        string secret = arguments.GetValue(_secret) ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
        string clientId = arguments.GetValue(_client)!;

        using TokenAuthority authority = new(TimeSpan.FromSeconds(Math.Max(1, arguments.GetValue(_lifetime))), console.TimeProvider);
        ProofDesk proofs = new(new NonceBook(mode, console.TimeProvider), publicOrigin, console.TimeProvider);
        DemoServer server = new(
            authority,
            new TokenEndpoint(clientId, secret, authority, proofs),
            new Resource(new TokenJudge(issuer?.OriginalString, foreignKeys ?? [authority.Key]), proofs),
            new ExchangeLog(console));
        LoopbackHost host = await LoopbackHost.StartAsync(arguments.GetValue(_port), server.HandleAsync, cancellationToken).ConfigureAwait(false);
        await using (host.ConfigureAwait(false))
        {
            Describe(host.Origin, issuer, mode, clientId, arguments.GetValue(_secret) is null ? secret : null);
            await LoopbackHost.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return ExitCodes.Success;
    }

    // The secret is the one that was made; null for one that the user gave, who knows it.
    private void Describe(string origin, Uri? issuer, NonceMode mode, string clientId, string? secret)
    {
        Listing listing = new Listing()
            .Add("api", $"{origin}/ (any path)")
            .Add("tokens of", issuer?.OriginalString ?? origin)
            .Add("nonces", Modes.First(pair => pair.Value == mode).Key);
        if (issuer is null)
        {
            listing.Add("client id", clientId).Add("secret", secret);
        }

        listing.WriteTo(console);
        if (issuer is null)
        {
            console.Note("Try:");
            string token = $"dpop token --issuer {origin} --client-id {clientId} --secret {secret ?? "SECRET"} --for {origin}";
            foreach (string line in ShellLines.Of(token).Append($"dpop call {origin}/hello"))
            {
                console.Note("  " + line);
            }
        }

        console.Note("Ctrl+C ends it.");
        console.Output.Flush();
    }
}
