namespace DpopHttp.Tokens.DependencyInjection;

/// <summary>Which name was probably meant.</summary>
internal static class NearestName
{
    public static string To(string given, IEnumerable<string> names) =>
        names.MinBy(name => (Contains(name, given) ? 0 : 1, Distance(given.ToUpperInvariant(), name.ToUpperInvariant())))!;

    private static bool Contains(string name, string given) =>
        name.Contains(given, StringComparison.OrdinalIgnoreCase) || given.Contains(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>How many letters have to be put in, taken out or exchanged (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            (int corner, row[0]) = (row[0], i);
            for (int j = 1; j <= b.Length; j++)
            {
                int exchange = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
                (corner, row[j]) = (row[j], Math.Min(exchange, Math.Min(row[j], row[j - 1]) + 1));
            }
        }

        return row[^1];
    }
}
