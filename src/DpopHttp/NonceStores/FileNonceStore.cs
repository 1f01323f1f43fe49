using System.Text.Json;
using DpopHttp.Shared;

namespace DpopHttp.NonceStores;

internal sealed class FileNonceStore(string path) : DpopNonceStore
{
    /// <summary>The servers that a program calls are few; each more costs time with every write.</summary>
    private const int Capacity = 100;

    // Disks can hang: the caller's thread is spared that.
    public override ValueTask<string?> LoadAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(Task.Run(() => Read(SecretFilePath.Resolve(path)).GetValueOrDefault(name), cancellationToken));
    }

    public override ValueTask SaveAsync(string name, string nonce, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(nonce);
        return new(Task.Run(() => AddAsync(name, nonce, cancellationToken), cancellationToken));
    }

    private async Task AddAsync(string name, string nonce, CancellationToken cancellationToken)
    {
        string file = SecretFilePath.Resolve(path);
        using FileStream hold = await new FileLock(file + ".lock", "keep a nonce", FileLock.DefaultMaximumWait).TakeAsync(cancellationToken).ConfigureAwait(false);
        OrderedDictionary<string, string> nonces = Read(file);

        // What was saved last stands last: the first ones go where there are too many.
        nonces.Remove(name);
        nonces.Add(name, nonce);
        byte[] content = Write(nonces);
        while (nonces.Count > Capacity || (content.Length > OwnerOnlyFile.MaximumSize && nonces.Count > 1))
        {
            nonces.RemoveAt(0);
            content = Write(nonces);
        }

        OwnerOnlyFile.Replace(file, content);
    }

    private static byte[] Write(OrderedDictionary<string, string> nonces) => JsonSerializer.SerializeToUtf8Bytes(new NonceFile(nonces), NonceFileJson.Default.NonceFile);

    private OrderedDictionary<string, string> Read(string file)
    {
        if (OwnerOnlyFile.Read(file) is not { Length: > 0 } content)
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize(content, NonceFileJson.Default.NonceFile)?.Nonces ?? throw Foreign();
        }
        catch (JsonException)
        {
            throw Foreign();
        }
    }

    /// <summary>It may be a file of another kind, such as the key's, to which the path leads by mistake. The cause is left out: it may quote the text.</summary>
    private InvalidDataException Foreign() => new($"The file {path} isn't one of nonces. It is left as it is: remove it, or give another path.");
}
