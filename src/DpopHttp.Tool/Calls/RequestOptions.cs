using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using DpopHttp.Tool.Http;
using DpopHttp.Tool.Inputs;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Calls;

/// <summary>The options of a request, named as curl names them.</summary>
internal sealed class RequestOptions
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Json = "application/json";

    private readonly Argument<string> _url = new("URL") { Description = "The URL to call." };
    private readonly Option<string?> _method = new("--request", "-X") { Description = "The method. Default: GET, or POST with a body.", HelpName = "METHOD" };

    private readonly Option<string[]> _headers = new("--header", "-H") { Description = "A header, as 'Name: value'. May be given several times.", HelpName = "HEADER" };

    private readonly Option<string?> _data = new("--data", "-d")
    {
        Description = $"The body: a text, @FILE for a file as it is, or @- for standard input. Its type is {Form} unless -H 'Content-Type: …' is given.",
        HelpName = "DATA",
    };

    private readonly Option<string?> _json = new("--json") { Description = $"As --data, with the type {Json}.", HelpName = "DATA" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_url);
        foreach (Option option in (Option[])[_method, _headers, _data, _json])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The request. The timer knows when its body has been read.</summary>
    /// <exception cref="ToolException">It can't be a request.</exception>
    public HttpRequestMessage Create(ParseResult arguments, ToolConsole console, AnswerTimer timer)
    {
        string? data = arguments.GetValue(_data), json = arguments.GetValue(_json);
        if (data is not null && json is not null)
        {
            throw new ToolException("--data and --json are both given. Give one of them.");
        }

        HttpRequestMessage request = new(MethodOf(arguments.GetValue(_method), data ?? json), HttpUrl.Parse(arguments.GetValue(_url)!, "URL"));
        try
        {
            if ((data ?? json) is { } body)
            {
                AddBody(request, body, json is null ? Form : Json, console, timer);
            }

            if (json is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept", Json);
            }

            foreach (string header in arguments.GetValue(_headers) ?? [])
            {
                AddHeader(request, header);
            }
        }
        catch
        {
            request.Dispose();
            throw;
        }

        return request;
    }

    private static HttpMethod MethodOf(string? method, string? body)
    {
        try
        {
            return method is null ? body is null ? HttpMethod.Get : HttpMethod.Post : HttpMethod.Parse(method);
        }
        catch (FormatException)
        {
            throw new ToolException($"--request '{Printable.Clean(method!, 40)}' isn't an HTTP method.");
        }
    }

    private static void AddBody(HttpRequestMessage request, string data, string type, ToolConsole console, AnswerTimer timer)
    {
        if (!data.StartsWith('@'))
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(data));
        }
        else if (data == "@-")
        {
            request.Content = new StreamContent(timer.Watch(Progress.Of(console, console.InputStream, null, "sent")));
        }
        else
        {
            string file = data[1..];
            HttpContent first = OpenFile(file, console, timer);
            request.Content = first;
            request.SetDpopContentFactory(() => WithHeadersOf(first, OpenFile(file, console, timer)));
        }

        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
    }

    /// <summary>The length is the file's own each time.</summary>
    private static HttpContent WithHeadersOf(HttpContent first, HttpContent content)
    {
        foreach ((string name, HeaderStringValues values) in first.Headers.NonValidated)
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                content.Headers.TryAddWithoutValidation(name, values);
            }
        }

        return content;
    }

    private static StreamContent OpenFile(string file, ToolConsole console, AnswerTimer timer)
    {
        try
        {
            FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            StreamContent content = new(timer.Watch(Progress.Of(console, stream, stream.Length, "sent")), 64 * 1024);
            content.Headers.ContentLength = stream.Length;
            return content;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"The file {file} can't be read: {exception.Message}", exception);
        }
    }

    private static void AddHeader(HttpRequestMessage request, string header)
    {
        int colon = header.IndexOf(':');
        string name = colon < 0 ? header : header[..colon].Trim();
        if (colon <= 0)
        {
            throw new ToolException($"--header '{Printable.Clean(name, 40)}' isn't 'Name: value'.");
        }

        if (name.Equals("DPoP", StringComparison.OrdinalIgnoreCase))
        {
            throw new ToolException("A DPoP header is given. The command makes a proof for each attempt; leave it out.");
        }

        string value = header[(colon + 1)..].Trim();
        if (request.Headers.TryAddWithoutValidation(name, value))
        {
            return;
        }

        request.Content?.Headers.Remove(name);
        if (request.Content?.Headers.TryAddWithoutValidation(name, value) != true)
        {
            throw new ToolException(request.Content is null
                ? $"The header {Printable.Clean(name, 40)} belongs to a body, and there is none."
                : $"'{Printable.Clean(name, 40)}' isn't the name of a header.");
        }
    }
}
