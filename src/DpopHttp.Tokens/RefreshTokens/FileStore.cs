using System.Security.Cryptography;
using System.Text.Json;
using DpopHttp.Keys;

namespace DpopHttp.Tokens.RefreshTokens;

internal sealed class FileStore(string path) : DpopRefreshTokenStore
{
    /// <summary>How often another process's hold on the lock is looked at again.</summary>
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(20);

    public override ValueTask<DpopRefreshToken?> LoadAsync(CancellationToken cancellationToken)
    {
        if (OwnerOnlyFile.Read(path) is not { } content)
        {
            return default;
        }

        try
        {
            RefreshTokenRecord? record = JsonSerializer.Deserialize(content, RefreshTokenJson.Default.RefreshTokenRecord);
            return record?.RefreshToken is { Length: > 0 } value
                ? new(new DpopRefreshToken(value, record.KeyThumbprint))
                : throw new InvalidDataException($"The file {path} has no refresh_token.");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // The cause is left out: it may quote the text.
            throw new InvalidDataException($"The file {path} is damaged. It is left as it is.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    public override ValueTask SaveAsync(DpopRefreshToken token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        OwnerOnlyFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(new RefreshTokenRecord(token.Value, token.KeyThumbprint), RefreshTokenJson.Default.RefreshTokenRecord));
        return default;
    }

    public override async ValueTask<IAsyncDisposable?> LockAsync(CancellationToken cancellationToken)
    {
        FileStream? taken;
        while ((taken = FileLock.TryTake(path + ".lock")) is null)
        {
            await Task.Delay(LockInterval, cancellationToken).ConfigureAwait(false);
        }

        return taken;
    }
}
