using System.Globalization;
using System.Security;
using System.Text;

namespace DpopHttp.Benchmarks;

/// <summary>Draws an account of bytes: a bar for each row.</summary>
internal static class AllocationPicture
{
    private const int Width = 760;
    private const int NameWidth = 330;
    private const int RowHeight = 26;
    private const int BarHeight = 16;
    private const int Margin = 10;

    public static string Draw(IReadOnlyList<(string Name, long Bytes)> rows)
    {
        double scale = (Width - NameWidth - 80.0) / rows.Max(row => row.Bytes);
        int height = (rows.Count * RowHeight) + (2 * Margin);
        StringBuilder svg = new();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="13" role="img">""");
        svg.AppendLine("<title>Bytes that one request allocates</title>");
        svg.AppendLine("""<rect width="100%" height="100%" fill="#ffffff"/>""");
        foreach ((int i, (string name, long bytes)) in rows.Index())
        {
            int y = Margin + (i * RowHeight);
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{NameWidth - Margin}" y="{y + 13}" text-anchor="end">{SecurityElement.Escape(name)}</text>""");
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{NameWidth}" y="{y}" width="{bytes * scale:0.#}" height="{BarHeight}" fill="#0072b2"/>""");
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{NameWidth + (bytes * scale) + 6:0.#}" y="{y + 13}">{bytes:#,0} B</text>""");
        }

        return svg.AppendLine("</svg>").ToString();
    }
}
