using Microsoft.Extensions.Logging;

namespace DpopHttp.KeyRing;

/// <summary>What options say about a key. Equal definitions mean the same key.</summary>
internal sealed record KeyDefinition
{
    private DpopKey? Key { get; init; }

    private string? File { get; init; }

    private DpopKeyProtection? Protection { get; init; }

    private string? Algorithm { get; init; }

    /// <param name="options">Valid options.</param>
    /// <param name="directory">Where relative paths start.</param>
    public static KeyDefinition Of(DpopKeyOptions options, string directory) => new()
    {
        Key = options.Key,
        File = options.File is null ? null : Path.GetFullPath(options.File, directory),
        Protection = options.Protection,
        Algorithm = options.Key is null ? options.Algorithm : null,
    };

    /// <summary>The source of the key.</summary>
    /// <param name="name">The key's name, for the log.</param>
    /// <param name="logger">The log.</param>
    public KeySource CreateSource(string name, ILogger logger)
    {
        if (Key is not null)
        {
            return new GivenKeySource(name, Key);
        }

        return File is null ? new ProcessKeySource(name, Algorithm, logger) : new FileKeySource(CreateFile(), logger);
    }

    /// <summary>Lets a source that isn't open yet use what is said now: the one that was said before may be why it couldn't be opened.</summary>
    public void Renew(KeySource source)
    {
        if (source is FileKeySource file)
        {
            file.Renew(CreateFile());
        }
    }

    public bool Equals(KeyDefinition? other) =>
        other is not null
        && ReferenceEquals(Key, other.Key)
        && (File, Algorithm) == (other.File, other.Algorithm)
        && DpopKeyProtection.AreEquivalent(Protection, other.Protection);

    public override int GetHashCode() => HashCode.Combine(Key, File, Algorithm);

    /// <summary>What identifies the source: keys of the process are told apart by their name, others by where they are.</summary>
    public (KeyDefinition Definition, string? Name) Identify(string name) => (this, Key is null && File is null ? name : null);

    /// <summary>Without the protection, which may be a passphrase.</summary>
    public override string ToString() => File ?? Key?.ToString() ?? Algorithm ?? "";

    private DpopKeyFile CreateFile() => new(File!) { Algorithm = Algorithm, Protection = Protection };
}
