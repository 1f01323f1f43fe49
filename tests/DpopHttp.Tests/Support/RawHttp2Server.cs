using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace DpopHttp.Tests.Support;

/// <summary>
/// An HTTP/2 server without TLS that speaks in frames, to do what no well-behaved server does on demand: refuse a stream after some of its data, or go away. It reads
/// no header fields and answers 200.
/// </summary>
internal sealed class RawHttp2Server : IAsyncDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte ResetStream = 3;
    private const byte Settings = 4;
    private const byte Ping = 6;
    public const byte GoAway = 7;
    private const byte WindowUpdate = 8;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Connection, Frame, Task> _handle;
    private readonly Task _accepting;
    private int _connections;

    private RawHttp2Server(Func<Connection, Frame, Task> handle)
    {
        _handle = handle;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Uri => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>Calls the function for each HEADERS and DATA frame.</summary>
    public static RawHttp2Server Start(Func<Connection, Frame, Task> handle) => new(handle);

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
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), ++_connections));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client, int number)
    {
        using TcpClient _ = client;
        Connection connection = new(client.GetStream(), number, _stop.Token);
        try
        {
            await connection.ReadAsync(24);
            await connection.SendAsync(Settings, 0, 0, []);
            while (true)
            {
                Frame frame = await connection.ReadFrameAsync();
                switch (frame.Type)
                {
                    case Settings when (frame.Flags & 1) == 0:
                        await connection.SendAsync(Settings, 1, 0, []);
                        break;
                    case Ping when (frame.Flags & 1) == 0:
                        await connection.SendAsync(Ping, 1, 0, frame.Payload);
                        break;
                    case Data or Headers:
                        await connection.GrantAsync(frame);
                        await _handle(connection, frame);
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    public sealed record Frame(byte Type, byte Flags, int Stream, byte[] Payload)
    {
        public bool EndsStream => (Flags & 1) != 0;
    }

    public sealed class Connection(NetworkStream stream, int number, CancellationToken stop)
    {
        /// <summary>1 for the first connection of the server.</summary>
        public int Number => number;

        public async Task<byte[]> ReadAsync(int count)
        {
            byte[] bytes = new byte[count];
            await stream.ReadExactlyAsync(bytes, stop);
            return bytes;
        }

        public async Task<Frame> ReadFrameAsync()
        {
            byte[] header = await ReadAsync(9);
            int length = (header[0] << 16) | (header[1] << 8) | header[2];
            return new Frame(header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) & int.MaxValue, await ReadAsync(length));
        }

        public async Task SendAsync(byte type, byte flags, int streamId, byte[] payload)
        {
            byte[] frame = new byte[9 + payload.Length];
            (frame[0], frame[1], frame[2], frame[3], frame[4]) = ((byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags);
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), streamId);
            payload.CopyTo(frame, 9);
            await stream.WriteAsync(frame, stop);
        }

        /// <summary>":status: 200" is the static table's entry 8; 0x5 is END_STREAM and END_HEADERS.</summary>
        public Task AnswerOkAsync(int streamId) => SendAsync(Headers, 0x5, streamId, [0x88]);

        /// <summary>
        /// Says that no stream was processed, sends no more, and reads until the client has closed. If the server closed at once, a write of the client could fail before
        /// it has read the frame, and the stack wouldn't take that for a refusal.
        /// </summary>
        public async Task GoAwayAsync()
        {
            await SendAsync(GoAway, 0, 0, new byte[8]);
            stream.Socket.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(Stream.Null, stop);
            stream.Close();
        }

        /// <summary>REFUSED_STREAM: not processed, so that the client may send it again.</summary>
        public Task RefuseAsync(int streamId, byte code = 7) => SendAsync(ResetStream, 0, streamId, [0, 0, 0, code]);

        internal async Task GrantAsync(Frame data)
        {
            if (data is { Type: Data, Payload.Length: > 0 })
            {
                byte[] increment = new byte[4];
                BinaryPrimitives.WriteInt32BigEndian(increment, data.Payload.Length);
                await SendAsync(WindowUpdate, 0, 0, increment);
                await SendAsync(WindowUpdate, 0, data.Stream, increment);
            }
        }
    }
}
