using DpopHttp.Keys;

namespace DpopHttp;

/// <summary>What the definition of a key must fulfil, whether it has options of its own or is part of a client's.</summary>
internal static class KeyRules
{
    /// <summary>All faults at once. The names are those of the properties that the user set.</summary>
    public static IEnumerable<string> FindFaults(DpopKeyOptions options, string key, string file, string protection, string algorithm)
    {
        if (options.Key is not null && options.File is not null)
        {
            yield return $"{key} and {file} are both set: a client has one key.";
        }

        if (options.File is not null && string.IsNullOrWhiteSpace(options.File))
        {
            yield return $"{file} is empty: give the path of a file.";
        }
        else if (options.File is not null && options.File.AsSpan().ContainsAny(Path.GetInvalidPathChars()))
        {
            yield return $"{file} has a character that a path can't have: give the path of a file.";
        }

        if (options.File is null && options.Protection is not null)
        {
            yield return $"{protection} is set without {file}: there is nothing to encrypt.";
        }

        if (options.Algorithm is { } wanted && SigningAlgorithm.Find(wanted) is null)
        {
            yield return $"{algorithm} is '{wanted}': use one of {SigningAlgorithm.Names}.";
        }

        if (options is { Key: { } given, Algorithm: { } other } && given.Algorithm != other)
        {
            yield return $"{key} is for {given.Algorithm}, but {algorithm} is {other}.";
        }
    }
}
