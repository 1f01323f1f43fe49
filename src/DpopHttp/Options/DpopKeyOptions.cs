using System.Text.Json.Serialization;

namespace DpopHttp;

/// <summary>
/// Where a key that has a name of its own comes from. Clients use the key by <see cref="DpopOptions.KeyName"/>. If nothing is set, the process
/// makes an ES256 key at first use, and the tokens that are bound to the key must not outlive the process.
/// </summary>
public class DpopKeyOptions
{
    /// <summary>The key to sign with. Null (the default): see <see cref="File"/>. A key that is set here isn't disposed with the container.</summary>
    public DpopKey? Key { get; set; }

    /// <summary>
    /// The path of a file that keeps the key: see <see cref="DpopKeyFile"/>. The file is opened, or made, when the host starts, or else at first
    /// use. A relative path starts at the host's content root, or without a host at the working directory. Null (the default): the process makes a key.
    /// </summary>
    public string? File { get; set; }

    /// <summary>Encrypts the <see cref="File"/>. Null (the default): the file isn't encrypted.</summary>
    [JsonIgnore]
    public DpopKeyProtection? Protection { get; set; }

    /// <summary>
    /// The algorithm of a key that is made, and the one that the key in the <see cref="File"/> must have. Null (the default): ES256 for a new key,
    /// and any algorithm for a key that is there.
    /// </summary>
    public string? Algorithm { get; set; }

    /// <summary>What of the key a client's options say, by the names that the properties have there; empty if nothing.</summary>
    internal string NamesOfWhatIsSet => string.Join(", ", NamesOf(this));

    /// <summary>What a client's options say about its own key.</summary>
    internal static DpopKeyOptions Of(DpopOptions options) =>
        new() { Key = options.Key, File = options.KeyFile, Protection = options.KeyFileProtection, Algorithm = options.KeyAlgorithm };

    private static IEnumerable<string> NamesOf(DpopKeyOptions options)
    {
        if (options.Key is not null)
        {
            yield return nameof(DpopOptions.Key);
        }

        if (options.File is not null)
        {
            yield return nameof(DpopOptions.KeyFile);
        }

        if (options.Protection is not null)
        {
            yield return nameof(DpopOptions.KeyFileProtection);
        }

        if (options.Algorithm is not null)
        {
            yield return nameof(DpopOptions.KeyAlgorithm);
        }
    }
}
