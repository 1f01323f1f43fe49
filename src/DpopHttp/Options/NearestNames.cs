namespace DpopHttp;

/// <summary>Finds what somebody meant who misspelt a name.</summary>
internal static class NearestNames
{
    /// <summary>The names that differ from the given one in a third of its letters at most, the nearest first; three at most.</summary>
    public static IReadOnlyList<string> Find(string name, IEnumerable<string> names) =>
    [
        .. names.Where(other => Math.Abs(other.Length - name.Length) <= Limit(name))
            .Select(other => (Name: other, Distance: Distance(name.ToUpperInvariant(), other.ToUpperInvariant())))
            .Where(candidate => candidate.Distance <= Limit(name))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Take(3)
            .Select(candidate => candidate.Name),
    ];

    /// <summary>As a sentence that follows another, or nothing.</summary>
    public static string Suggest(string name, IEnumerable<string> names) =>
        Find(name, names) is { Count: > 0 } found ? $" Did you mean {string.Join(" or ", found.Select(near => $"'{near}'"))}?" : "";

    private static int Limit(string name) => Math.Max(1, name.Length / 3);

    /// <summary>How many letters must be put in, left out or exchanged (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
