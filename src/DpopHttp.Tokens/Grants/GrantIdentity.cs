using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DpopHttp.Tokens.Grants;

/// <summary>A text that is the same for options that get tokens for the same purpose, and for no others.</summary>
internal static class GrantIdentity
{
    public static string Of(DpopTokenOptions options)
    {
        StringBuilder identity = new();
        foreach (string? part in (IEnumerable<string?>)
            [
                (options.Authority ?? options.TokenEndpoint)?.AbsoluteUri,
                options.ClientId,
                options.Scope,
                .. options.Resources.Order(StringComparer.Ordinal),
                .. options.Parameters.OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => (string[])[p.Key, p.Value]),
            ])
        {
            // With its length before it no part can be taken for two.
            identity.Append(part?.Length ?? -1).Append(':').Append(part);
        }

        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(identity.ToString())));
    }
}
