using System.Security.Cryptography;
using DpopHttp.Shared;

namespace DpopHttp.Keys;

/// <summary>What is done with a key file: read without a lock, since it is always whole; made and replaced under the lock.</summary>
internal sealed class KeyStorage(DpopKeyFile file)
{
    public DpopKey OpenOrMake(out bool isNew)
    {
        (DpopKey key, isNew) = WithKeyErrors(() =>
        {
            string path = SecretFilePath.Resolve(file.Path);
            return Read(path, file.Algorithm) is { } known ? (known, false) : UnderLock(path, () => ReadOrMake(path));
        });
        return key;
    }

    public async Task<DpopKey> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Disks can hang, and a passphrase takes its time: the caller's thread is spared both.
            string path = await Task.Run(() => SecretFilePath.Resolve(file.Path), cancellationToken).ConfigureAwait(false);
            if (await Task.Run(() => Read(path, file.Algorithm), cancellationToken).ConfigureAwait(false) is { } key)
            {
                return key;
            }

            FileStream taken = await LockOf(path).TakeAsync(cancellationToken).ConfigureAwait(false);
            await using (taken.ConfigureAwait(false))
            {
                return (await Task.Run(() => ReadOrMake(path), cancellationToken).ConfigureAwait(false)).Key;
            }
        }
        catch (Exception exception) when (KeyErrorOf(exception) is { } error)
        {
            throw error;
        }
    }

    public DpopKey Rotate() => WithKeyErrors(() =>
    {
        string path = SecretFilePath.Resolve(file.Path);
        return UnderLock(path, () =>
        {
            using DpopKey? old = Read(path, algorithm: null);
            string algorithm = file.Algorithm ?? old?.Algorithm ?? DpopAlgorithms.ES256;
            return Write(path, DpopKey.Generate(algorithm), old is null ? null : () => Write(Retired(path, old.Thumbprint), old));
        });
    });

    public DpopKey? Find(string thumbprint)
    {
        JwkThumbprint.Require(thumbprint, nameof(thumbprint));
        return WithKeyErrors(() =>
        {
            string path = SecretFilePath.Resolve(file.Path);
            if (Read(path, file.Algorithm) is { } current)
            {
                if (current.Thumbprint == thumbprint)
                {
                    return current;
                }

                current.Dispose();
            }

            return Read(Retired(path, thumbprint), algorithm: null);
        });
    }

    public bool Forget(string thumbprint)
    {
        JwkThumbprint.Require(thumbprint, nameof(thumbprint));
        return WithKeyErrors(() =>
        {
            string path = SecretFilePath.Resolve(file.Path);
            return UnderLock(path, () =>
            {
                string retired = Retired(path, thumbprint);
                bool isThere = File.Exists(retired);
                File.Delete(retired);
                return isThere;
            });
        });
    }

    private (DpopKey Key, bool IsNew) ReadOrMake(string path) => Read(path, file.Algorithm) is { } known
        ? (known, false)
        : (Write(path, DpopKey.Generate(file.Algorithm ?? DpopAlgorithms.ES256)), true);

    /// <summary>The key, or null only where there is no file.</summary>
    private DpopKey? Read(string path, string? algorithm)
    {
        if (OwnerOnlyFile.Read(path) is not { } content)
        {
            return null;
        }

        try
        {
            return new DpopKey(KeyFileFormat.Decode(content, file, algorithm));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    private DpopKey Write(string path, DpopKey key, Action? whenWritten = null)
    {
        byte[] content = [];
        try
        {
            content = KeyFileFormat.Encode(key, file);
            OwnerOnlyFile.Replace(path, content, whenWritten);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    private static T UnderLock<T>(string path, Func<T> work)
    {
        using FileStream _ = LockOf(path).Take();
        return work();
    }

    private static FileLock LockOf(string path) => new(path + ".lock", "make, rotate or delete the key", FileLock.DefaultMaximumWait);

    private static string Retired(string path, string thumbprint) => $"{path}.{thumbprint}.retired";

    private T WithKeyErrors<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (KeyErrorOf(exception) is { } error)
        {
            throw error;
        }
    }

    private DpopException? KeyErrorOf(Exception exception) => exception switch
    {
        UnnamedAlgorithmException => KeyErrors.FileNeedsAlgorithm(file.Path),
        UnexpectedKeyException => KeyErrors.FileUnexpected(file.Path, exception.Message),
        MalformedKeyException => KeyErrors.FileMalformed(file.Path, exception.Message),
        RefusedFileException => KeyErrors.FileRefused(file.Path, exception),
        IOException or UnauthorizedAccessException or CryptographicException or TimeoutException => KeyErrors.FileUnavailable(file.Path, exception),
        _ => null,
    };
}
