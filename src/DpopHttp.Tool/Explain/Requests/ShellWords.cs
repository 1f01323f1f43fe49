using System.Text;

namespace DpopHttp.Tool.Explain.Requests;

/// <summary>Takes a command line apart as a POSIX shell would, without expanding anything.</summary>
internal static class ShellWords
{
    public static IReadOnlyList<string> Split(string text)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool isWord = false;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\'':
                    isWord = true;
                    i = AppendUntilQuote(text, i + 1, word);
                    break;
                case '"':
                    isWord = true;
                    i = AppendDoubleQuoted(text, i + 1, word);
                    break;
                case '$' when i + 1 < text.Length && text[i + 1] == '\'':
                    isWord = true;
                    i = AppendAnsiQuoted(text, i + 2, word);
                    break;
                case '\\' when i + 1 < text.Length:
                    i += text[i + 1] == '\r' && i + 2 < text.Length ? 2 : 1;
                    if (text[i] != '\n')
                    {
                        isWord = true;
                        word.Append(text[i]);
                    }

                    break;
                case ' ' or '\t' or '\r' or '\n':
                    Complete(words, word, ref isWord);
                    break;
                default:
                    isWord = true;
                    word.Append(text[i]);
                    break;
            }
        }

        Complete(words, word, ref isWord);
        return words;
    }

    private static void Complete(List<string> words, StringBuilder word, ref bool isWord)
    {
        if (isWord)
        {
            words.Add(word.ToString());
            word.Clear();
            isWord = false;
        }
    }

    private static int AppendUntilQuote(string text, int start, StringBuilder word)
    {
        int end = text.IndexOf('\'', start);
        end = end < 0 ? text.Length : end;
        word.Append(text, start, end - start);
        return end;
    }

    private static int AppendDoubleQuoted(string text, int start, StringBuilder word)
    {
        int i = start;
        for (; i < text.Length && text[i] != '"'; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\' or '$' or '`' or '\n')
            {
                i++;
                if (text[i] == '\n')
                {
                    continue;
                }
            }

            word.Append(text[i]);
        }

        return i;
    }

    /// <summary>$'…', which browsers write for text with quotes in it.</summary>
    private static int AppendAnsiQuoted(string text, int start, StringBuilder word)
    {
        int i = start;
        for (; i < text.Length && text[i] != '\''; i++)
        {
            if (text[i] != '\\' || i + 1 >= text.Length)
            {
                word.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'u' && i + 4 < text.Length && ushort.TryParse(text.AsSpan(i + 1, 4), System.Globalization.NumberStyles.HexNumber, null, out ushort code))
            {
                word.Append((char)code);
                i += 4;
                continue;
            }

            word.Append(text[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', char other => other });
        }

        return i;
    }
}
