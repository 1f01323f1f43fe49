using System.Security.Cryptography;
using DpopHttp.Shared;

namespace DpopHttp.Keys;

/// <summary>What is done with a key file: read without a lock, since it is always whole; made and replaced under the lock.</summary>
internal sealed class KeyStorage(DpopKeyFile file)
{
    public DpopKey Open(out bool isNew)
    {
        bool wasMade = false;
        DpopKey key = WithKeyErrors(() => Read(Target(), file.Algorithm) ?? UnderLock(target =>
        {
            DpopKey? made = Read(target, file.Algorithm);
            wasMade = made is null;
            return made ?? Write(target, DpopKey.Generate(file.Algorithm ?? DpopAlgorithms.ES256));
        }));
        isNew = wasMade;
        return key;
    }

    public DpopKey Rotate() => WithKeyErrors(() => UnderLock(target =>
    {
        using DpopKey? old = Read(target, algorithm: null);
        return Write(target, DpopKey.Generate(file.Algorithm ?? old?.Algorithm ?? DpopAlgorithms.ES256), old is null ? null : () => Write(Retired(target, old.Thumbprint), old));
    }));

    public DpopKey? Find(string thumbprint)
    {
        JwkThumbprint.Require(thumbprint, nameof(thumbprint));
        return WithKeyErrors(() =>
        {
            string target = Target();
            if (Read(target, algorithm: file.Algorithm) is { } current)
            {
                if (current.Thumbprint == thumbprint)
                {
                    return current;
                }

                current.Dispose();
            }

            return Read(Retired(target, thumbprint), algorithm: null);
        });
    }

    public bool Forget(string thumbprint)
    {
        JwkThumbprint.Require(thumbprint, nameof(thumbprint));
        return WithKeyErrors(() => UnderLock(target =>
        {
            string retired = Retired(target, thumbprint);
            bool isThere = File.Exists(retired);
            File.Delete(retired);
            return isThere;
        }));
    }

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

    private T UnderLock<T>(Func<string, T> work)
    {
        string target = Target();
        using FileStream _ = FileLock.Take(target + ".lock");
        return work(target);
    }

    /// <summary>Where the file really is: a rename would replace a link and not what it leads to.</summary>
    private string Target()
    {
        try
        {
            return File.ResolveLinkTarget(file.Path, returnFinalTarget: true)?.FullName ?? file.Path;
        }
        catch (FileNotFoundException)
        {
            // Not there yet; a directory that is not there shows when the file is opened.
            return file.Path;
        }
    }

    private static string Retired(string target, string thumbprint) => $"{target}.{thumbprint}.retired";

    private T WithKeyErrors<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (MalformedKeyException exception)
        {
            throw KeyErrors.FileMalformed(file.Path, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or TimeoutException)
        {
            throw KeyErrors.FileUnavailable(file.Path, exception);
        }
    }
}
