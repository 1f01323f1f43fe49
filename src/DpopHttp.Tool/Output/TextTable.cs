using Spectre.Console;

namespace DpopHttp.Tool.Output;

/// <summary>A table with borders on a terminal, and with columns alone elsewhere. The first cell of a row has a colour.</summary>
internal sealed class TextTable(params string[] titles)
{
    private readonly List<(string[] Cells, Style Style)> _rows = [];

    public void AddRow(string[] cells, Style style) => _rows.Add(([.. cells.Select(cell => Printable.Clean(cell))], style));

    public void WriteTo(ToolConsole console)
    {
        if (console.Terminal.IsOutput)
        {
            WriteTable(console.Ansi);
            return;
        }

        int[] widths = [.. Enumerable.Range(0, titles.Length).Select(column => _rows.Max(row => row.Cells[column].Length))];
        foreach ((string[] cells, _) in _rows)
        {
            console.Output.WriteLine("  " + string.Join("  ", cells.Select((cell, column) => column == cells.Length - 1 ? cell : cell.PadRight(widths[column]))));
        }
    }

    private void WriteTable(IAnsiConsole ansi)
    {
        Table table = new Table { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey) };
        for (int column = 0; column < titles.Length; column++)
        {
            table.AddColumn(new TableColumn(new Text(titles[column], new Style(Color.Grey))) { NoWrap = column < titles.Length - 1 });
        }

        foreach ((string[] cells, Style style) in _rows)
        {
            table.AddRow(cells.Select((cell, column) => new Text(cell, column == 0 ? style : Style.Plain)));
        }

        ansi.Write(table);
    }
}
