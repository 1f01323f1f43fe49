using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DpopHttp.Tokens.PerRequest;

/// <summary>A short text that is the same for the same parts in the same order, and for no others. It shows none of them.</summary>
internal static class Fingerprint
{
    public static string Of(IEnumerable<string?> parts)
    {
        StringBuilder text = new();
        foreach (string? part in parts)
        {
            // With its length before it no part can be taken for two.
            text.Append(part?.Length ?? -1).Append(':').Append(part);
        }

        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
