using System.CommandLine;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Http;

/// <summary>The options of every command that sends requests.</summary>
internal sealed class HttpOptions
{
    private readonly Option<string?> _authorities = new("--cacert")
    {
        Description = "Trust the certificates in this PEM file, and no others.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _insecure = new("--insecure-http")
    {
        Description = "Send tokens and proofs over plain http to other hosts than this one. For networks that you trust.",
    };

    private readonly Option<int> _timeout = new("--timeout")
    {
        Description = "How many seconds the server may take to answer.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 100,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_authorities);
        command.Options.Add(_insecure);
        command.Options.Add(_timeout);
    }

    public bool AllowsInsecureHttp(ParseResult arguments) => arguments.GetValue(_insecure);

    /// <summary>How long to wait for the headers of an answer.</summary>
    /// <exception cref="ToolException">It isn't a time.</exception>
    public TimeSpan TimeoutOf(ParseResult arguments) => arguments.GetValue(_timeout) is > 0 and < 1_000_000 and int seconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new ToolException("--timeout must be from 1 to 999999 seconds.");

    /// <summary>The handler that sends to the network.</summary>
    /// <exception cref="ToolException">The certificates can't be read.</exception>
    public SocketsHttpHandler CreatePrimary(ParseResult arguments)
    {
        SocketsHttpHandler primary = new() { UseCookies = false };
        if (arguments.GetValue(_authorities) is { } file)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(ReadCertificates(file));
            primary.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return primary;
    }

    private static X509Certificate2Collection ReadCertificates(string file)
    {
        try
        {
            X509Certificate2Collection certificates = [];
            certificates.ImportFromPemFile(file);
            return certificates.Count > 0 ? certificates : throw new ToolException($"The file {file} has no certificate in PEM.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ToolException($"The certificates in {file} can't be read: {exception.Message}", exception);
        }
    }
}
