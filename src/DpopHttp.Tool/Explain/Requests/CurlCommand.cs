using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Explain.Requests;

/// <summary>Reads the request out of a curl command line, such as browsers' "Copy as cURL" gives.</summary>
internal static class CurlCommand
{
    /// <summary>The short options of curl that take a value and don't matter here.</summary>
    private const string ShortOptionsWithValue = "AbcCDeEFhKmoPQrtTuUwxyYz";

    private static readonly HashSet<string> LongOptionsWithoutValue =
    [
        "--silent", "--show-error", "--insecure", "--location", "--verbose", "--include", "--fail", "--fail-with-body", "--compressed", "--http1.0",
        "--http1.1", "--http2", "--http2-prior-knowledge", "--http3", "--no-buffer", "--globoff", "--tlsv1.2", "--tlsv1.3", "--location-trusted", "--ipv4",
        "--ipv6", "--no-progress-meter", "--progress-bar", "--path-as-is", "--remote-name", "--ssl-no-revoke", "--raw", "--no-keepalive",
    ];

    /// <exception cref="ToolException">It isn't a curl command with a URL.</exception>
    public static ObservedRequest Read(string text)
    {
        IReadOnlyList<string> words = ShellWords.Split(text);
        int start = words.ToList().FindIndex(word => Path.GetFileNameWithoutExtension(word) == "curl") + 1;
        if (start == 0)
        {
            throw new ToolException("The text has neither a curl command nor what 'curl -v' prints. Save one of the two in the file.");
        }

        Reading reading = new(words, start);
        reading.Run();
        return reading.Result();
    }

    private sealed class Reading(IReadOnlyList<string> words, int start)
    {
        private readonly HeaderLines _headers = new();
        private int _next = start;
        private string? _method;
        private string? _url;
        private bool _hasBody;
        private bool _isGet;
        private bool _isHead;

        public void Run()
        {
            while (_next < words.Count && words[_next] is not ("|" or ";" or "&&" or "--next"))
            {
                string word = words[_next++];
                if (word.StartsWith("--", StringComparison.Ordinal))
                {
                    ReadLong(word);
                }
                else if (word.Length > 1 && word[0] == '-')
                {
                    ReadShort(word);
                }
                else
                {
                    _url ??= word;
                }
            }
        }

        public ObservedRequest Result() => new()
        {
            Proofs = _headers.All("DPoP"),
            Authorization = _headers.First("Authorization"),
            Method = _method ?? (_isHead ? "HEAD" : _hasBody && !_isGet ? "POST" : "GET"),
            Url = _url switch
            {
                null => throw new ToolException("The curl command has no URL."),
                // As curl does.
                _ when !_url.Contains("://", StringComparison.Ordinal) => "http://" + _url,
                _ => _url,
            },
        };

        private void ReadLong(string word)
        {
            int equals = word.IndexOf('=');
            string name = equals < 0 ? word : word[..equals];
            string Value() => equals < 0 ? Take() : word[(equals + 1)..];
            switch (name)
            {
                case "--request":
                    _method = Value();
                    break;
                case "--header":
                    _headers.AddLine(Value());
                    break;
                case "--url":
                    _url = Value();
                    break;
                case "--oauth2-bearer":
                    _headers.Add("Authorization", "Bearer " + Value());
                    break;
                case "--get":
                    _isGet = true;
                    break;
                case "--head":
                    _isHead = true;
                    break;
                case "--upload-file":
                    _method ??= "PUT";
                    _ = Value();
                    break;
                default:
                    _hasBody |= name.StartsWith("--data", StringComparison.Ordinal) || name.StartsWith("--form", StringComparison.Ordinal) || name == "--json";
                    if (!LongOptionsWithoutValue.Contains(name))
                    {
                        _ = Value();
                    }

                    break;
            }
        }

        /// <summary>Several letters may stand together, and a value may follow its letter at once: -sXPOST.</summary>
        private void ReadShort(string word)
        {
            for (int i = 1; i < word.Length; i++)
            {
                string Value() => i + 1 < word.Length ? word[(i + 1)..] : Take();
                switch (word[i])
                {
                    case 'X':
                        _method = Value();
                        return;
                    case 'H':
                        _headers.AddLine(Value());
                        return;
                    case 'd' or 'F':
                        _hasBody = true;
                        _ = Value();
                        return;
                    case 'T':
                        _method ??= "PUT";
                        _ = Value();
                        return;
                    case 'G':
                        _isGet = true;
                        break;
                    case 'I':
                        _isHead = true;
                        break;
                    case char other when ShortOptionsWithValue.Contains(other):
                        _ = Value();
                        return;
                }
            }
        }

        private string Take() => _next < words.Count ? words[_next++] : "";
    }
}
