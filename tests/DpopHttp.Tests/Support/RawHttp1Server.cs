using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DpopHttp.Tests.Support;

/// <summary>An HTTP/1.1 server that treats Expect as it is told: silent, or with a 100 before anybody has looked. It reads the body and then answers.</summary>
internal sealed class RawHttp1Server : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, long, string> _answer;
    private readonly bool _sends100;
    private readonly Task _accepting;

    private RawHttp1Server(Func<string, long, string> answer, bool sends100)
    {
        _answer = answer;
        _sends100 = sends100;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Uri => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <param name="answer">Gives the whole response for a request's head and the length of its body.</param>
    /// <param name="sends100">Whether a 100 is sent for a request with a body.</param>
    public static RawHttp1Server Start(Func<string, long, string> answer, bool sends100 = false) => new(answer, sends100);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient _ = client;
        Stream stream = new BufferedStream(client.GetStream(), 64 * 1024);
        try
        {
            while (await ReadHeadAsync(stream) is { Length: > 0 } head)
            {
                if (_sends100 && head.Contains("Expect: 100-continue", StringComparison.OrdinalIgnoreCase))
                {
                    await WriteAsync(client, "HTTP/1.1 100 Continue\r\n\r\n");
                }

                await WriteAsync(client, _answer(head, await ReadBodyAsync(stream, head)));
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private async Task WriteAsync(TcpClient client, string text) => await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), _stop.Token);

    private async Task<string> ReadHeadAsync(Stream stream)
    {
        StringBuilder head = new();
        while (await ReadLineAsync(stream) is { Length: > 0 } line)
        {
            head.Append(line).Append("\r\n");
        }

        return head.ToString();
    }

    private async Task<long> ReadBodyAsync(Stream stream, string head)
    {
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            long total = 0;
            while (int.Parse(await ReadLineAsync(stream), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is var size)
            {
                await SkipAsync(stream, size);
                await ReadLineAsync(stream);
                if (size == 0)
                {
                    return total;
                }

                total += size;
            }
        }

        string? length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))?[16..];
        return length is null ? 0 : await SkipAsync(stream, long.Parse(length, CultureInfo.InvariantCulture));
    }

    private async Task<long> SkipAsync(Stream stream, long count)
    {
        byte[] buffer = new byte[16 * 1024];
        for (long left = count; left > 0;)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), _stop.Token);
            left -= read > 0 ? read : throw new IOException("The body broke off.");
        }

        return count;
    }

    private async Task<string> ReadLineAsync(Stream stream)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString().TrimEnd('\r');
    }
}
