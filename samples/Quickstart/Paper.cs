namespace Quickstart;

/// <summary>What the story is printed on: 100 columns, with colors on a terminal unless NO_COLOR is set.</summary>
internal static class Paper
{
    private const int Width = 100;

    private static readonly bool HasColor =
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public static void Title(string title)
    {
        Line();
        Line(title);
        Line(new string('=', title.Length));
    }

    public static void Fact(string name, string value) => Line($"   {name,-22}{value}");

    public static void Line(string text = "", ConsoleColor? color = null)
    {
        if (!HasColor || color is not { } wanted)
        {
            Console.WriteLine(text);
            return;
        }

        Console.ForegroundColor = wanted;
        Console.Write(text);
        Console.ResetColor();
        Console.WriteLine();
    }

    /// <summary>Text broken into lines at its spaces; all but the first begin with <paramref name="indent"/>.</summary>
    public static void Paragraph(string first, string text, string indent, ConsoleColor? color = null)
    {
        string line = first;
        bool isEmpty = true;
        foreach (string word in text.Split(' '))
        {
            if (!isEmpty && line.Length + 1 + word.Length > Width)
            {
                Line(line, color);
                line = indent;
                isEmpty = true;
            }

            line += isEmpty ? word : $" {word}";
            isEmpty = false;
        }

        Line(line, color);
    }

    /// <summary>Enough of a secret to recognize it, too little to use it.</summary>
    public static string Shorten(string? text) => text switch
    {
        null => "-",
        { Length: > 12 } => $"{text[..4]}...{text[^4..]}",
        _ => text,
    };
}
