using Spectre.Console;

namespace DpopHttp.Tool.Output;

/// <summary>Names and values in two columns.</summary>
internal sealed class Listing
{
    private readonly List<(string Name, string Value)> _rows = [];

    public bool IsEmpty => _rows.Count == 0;

    public Listing Add(string name, string? value)
    {
        if (value is not null)
        {
            _rows.Add((name, value));
        }

        return this;
    }

    /// <summary>On a terminal long values are wrapped inside of their column; elsewhere each row is one line.</summary>
    public void WriteTo(ToolConsole console)
    {
        if (console.Terminal.IsOutput)
        {
            WriteGrid(console.Ansi);
            return;
        }

        int width = _rows.Max(row => row.Name.Length) + 2;
        foreach ((string name, string value) in _rows)
        {
            console.Output.WriteLine(name.PadRight(width) + Printable.Clean(value, 8000));
        }
    }

    private void WriteGrid(IAnsiConsole ansi)
    {
        Grid grid = new();
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        foreach ((string name, string value) in _rows)
        {
            grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(Printable.Clean(value, 8000)));
        }

        ansi.Write(grid);
    }
}
