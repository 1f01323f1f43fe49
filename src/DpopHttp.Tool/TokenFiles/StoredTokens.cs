using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DpopHttp.Shared;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.TokenFiles;

/// <summary>The tokens of a key, in a file beside it that only its owner may read.</summary>
internal sealed partial class StoredTokens(string keyFile)
{
    /// <summary>Where the tokens lie.</summary>
    public string Path { get; } = keyFile + ".tokens";

    /// <summary>The newest token for a URL's origin; null when there is none.</summary>
    /// <exception cref="ToolException">The file can't be used.</exception>
    public StoredToken? Find(Uri url, string thumbprint) => Load().FindLast(token => token.Thumbprint == thumbprint && token.IsFor(url));

    /// <summary>The tokens of a client that can be renewed, in the order in which they came.</summary>
    /// <exception cref="ToolException">The file can't be used.</exception>
    public IReadOnlyList<StoredToken> FindRenewable(string issuer, string clientId, string thumbprint) => Load().FindAll(
        token => token.RefreshToken is not null && token.Thumbprint == thumbprint && token.Issuer == issuer && token.ClientId == clientId);

    /// <summary>All tokens in the order in which they came.</summary>
    /// <exception cref="ToolException">The file can't be used.</exception>
    public List<StoredToken> Load() => Guard(() =>
    {
        if (OwnerOnlyFile.Read(SecretFilePath.Resolve(Path)) is not { } content)
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize(content, StoredTokensJson.Default.ListStoredToken) ?? [];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    });

    /// <summary>Waits until no other process renews a token of the key, and keeps them from it until the result is disposed: a refresh token may be good for one use.</summary>
    /// <exception cref="ToolException">Another process takes too long.</exception>
    public async Task<FileStream> HoldAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await new FileLock(SecretFilePath.Resolve(Path) + ".renewal.lock", "renew a token", FileLock.DefaultMaximumWait).TakeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TimeoutException)
        {
            throw new ToolException($"The tokens in {Path} can't be renewed: {exception.Message}", exception);
        }
    }

    /// <summary>Adds a token in the place of the one of the same client for the same APIs.</summary>
    /// <exception cref="ToolException">The file can't be used.</exception>
    public void Save(StoredToken token) => Guard(() =>
    {
        string path = SecretFilePath.Resolve(Path);
        using FileStream held = new FileLock(path + ".lock", "store a token", FileLock.DefaultMaximumWait).Take();
        List<StoredToken> tokens = Load();
        tokens.RemoveAll(other => other.Issuer == token.Issuer && other.ClientId == token.ClientId && other.Thumbprint == token.Thumbprint
            && (other.Origins.Count == 0 || other.Origins.Intersect(token.Origins, StringComparer.OrdinalIgnoreCase).Any() || token.Origins.Count == 0));
        tokens.Add(token);
        byte[] content = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(tokens, StoredTokensJson.Default.ListStoredToken));
        OwnerOnlyFile.Replace(path, content);
        CryptographicOperations.ZeroMemory(content);
        return true;
    });

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (JsonException)
        {
            // The cause is left out: it may quote the text.
            throw new ToolException($"The file {Path} is damaged. It is left as it is; remove it and get tokens anew.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TimeoutException)
        {
            throw new ToolException($"The file {Path} can't be used: {exception.Message}", exception);
        }
    }

    [JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(List<StoredToken>))]
    private sealed partial class StoredTokensJson : JsonSerializerContext;
}
