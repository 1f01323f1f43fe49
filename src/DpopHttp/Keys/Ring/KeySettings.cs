using Microsoft.Extensions.Logging;

namespace DpopHttp.Keys;

/// <summary>What a client's options say about its key. Equal settings mean the same key.</summary>
internal sealed record KeySettings
{
    /// <summary>Nothing said: the process makes a key, or another client that shares it says more.</summary>
    public static readonly KeySettings Unset = new();

    private DpopKey? Key { get; init; }

    private string? File { get; init; }

    private DpopKeyProtection? Protection { get; init; }

    private string? Algorithm { get; init; }

    public static KeySettings Of(DpopOptions options) => new()
    {
        Key = options.Key,
        File = options.KeyFile is null ? null : Path.GetFullPath(options.KeyFile),
        Protection = options.KeyFileProtection,
        Algorithm = options.Key is null ? options.KeyAlgorithm : null,
    };

    /// <summary>The source of the key of that name, or of that client.</summary>
    public KeySource CreateSource(string name, ILogger logger)
    {
        if (Key is not null)
        {
            return new GivenKeySource(Key);
        }

        return File is null
            ? new ProcessKeySource(name, Algorithm, logger)
            : new FileKeySource(new DpopKeyFile(File) { Algorithm = Algorithm, Protection = Protection }, logger);
    }

    public bool Equals(KeySettings? other) => other is not null && ReferenceEquals(Key, other.Key) && EqualsButForKey(other);

    public override int GetHashCode() => HashCode.Combine(Key, File, Algorithm);

    /// <summary>Whether the settings mean one key, of which each client may hold a copy.</summary>
    public bool MeansSameKeyAs(KeySettings other) => Key?.ToString() == other.Key?.ToString() && EqualsButForKey(other);

    /// <summary>What identifies the source: keys of the process are told apart by their name, others by where they are.</summary>
    public (KeySettings Settings, string? Name) Identify(string name) => (this, Key is null && File is null ? name : null);

    /// <summary>Without the protection, which may be a passphrase.</summary>
    public override string ToString() => File ?? Key?.ToString() ?? Algorithm ?? "";

    private bool EqualsButForKey(KeySettings other) =>
        (File, Algorithm) == (other.File, other.Algorithm) && DpopKeyProtection.AreEquivalent(Protection, other.Protection);
}
