using System.Security.Cryptography;
using System.Text.Json;
using DpopHttp.Shared;

namespace DpopHttp.Tokens.RefreshTokens;

internal sealed class FileStore(string path) : DpopRefreshTokenStore
{
    // Disks can hang: the caller's thread is spared that.
    public override ValueTask<DpopRefreshToken?> LoadAsync(CancellationToken cancellationToken) => new(Task.Run(Load, cancellationToken));

    public override ValueTask SaveAsync(DpopRefreshToken token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new(Task.Run(() => Save(token), cancellationToken));
    }

    public override async ValueTask<IAsyncDisposable?> LockAsync(CancellationToken cancellationToken) =>
        await new FileLock(SecretFilePath.Resolve(path) + ".lock", "use the refresh token", FileLock.DefaultMaximumWait).TakeAsync(cancellationToken).ConfigureAwait(false);

    internal DpopRefreshToken? Load()
    {
        if (OwnerOnlyFile.Read(SecretFilePath.Resolve(path)) is not { } content)
        {
            return null;
        }

        try
        {
            RefreshTokenRecord? record = JsonSerializer.Deserialize(content, RefreshTokenJson.Default.RefreshTokenRecord);
            return record?.RefreshToken is { Length: > 0 } value
                ? new DpopRefreshToken(value, record.KeyThumbprint)
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

    private void Save(DpopRefreshToken token)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(new RefreshTokenRecord(token.Value, token.KeyThumbprint), RefreshTokenJson.Default.RefreshTokenRecord);
        try
        {
            OwnerOnlyFile.Replace(SecretFilePath.Resolve(path), content);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }
}
