using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DpopHttp.Benchmarks.Uploads;

/// <summary>
/// Takes uploads, one at a time, and wants a new nonce for each, which it gives only when it refuses. It refuses before it reads the body.
/// </summary>
internal sealed class UploadServer
{
    /// <summary>A body that is under way has arrived by then; well below the second after which a client sends it unasked.</summary>
    private static readonly TimeSpan Thought = TimeSpan.FromMilliseconds(100);

    private string? _nonce;
    private int _requests;
    private long _refusedBytes;

    /// <summary>Serves until the standard input ends, as it does with the process that started this one, however that ends.</summary>
    public static async Task RunAsync()
    {
        UploadServer server = new();
        await using LoopbackServer kestrel = await LoopbackServer.StartAsync(server.AnswerAsync, HttpProtocols.Http1, HttpProtocols.Http2);
        foreach (Uri uri in kestrel.Uris)
        {
            Console.WriteLine(uri);
        }

        await Console.In.ReadToEndAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        _requests++;
        bool accepts = _nonce is not null && NonceOf(context.Request.Headers["DPoP"].Single()!) == _nonce;
        return accepts ? AcceptAsync(context) : RefuseAsync(context);
    }

    private async Task RefuseAsync(HttpContext context)
    {
        await Task.Delay(Thought, context.RequestAborted);
        _nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "DPoP error=\"use_dpop_nonce\"";
        context.Response.Headers["DPoP-Nonce"] = _nonce;

        // Reading would ask for the body; once the answer has begun it only shows what is there.
        await context.Response.StartAsync();
        if (context.Request.BodyReader.TryRead(out ReadResult arrived))
        {
            _refusedBytes += arrived.Buffer.Length;
            context.Request.BodyReader.AdvanceTo(arrived.Buffer.End);
        }
    }

    private async Task AcceptAsync(HttpContext context)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        ReadResult arrived;
        do
        {
            arrived = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            foreach (ReadOnlyMemory<byte> piece in arrived.Buffer)
            {
                hash.AppendData(piece.Span);
                bytes += piece.Length;
            }

            context.Request.BodyReader.AdvanceTo(arrived.Buffer.End);
        }
        while (!arrived.IsCompleted);

        await context.Response.WriteAsJsonAsync(new UploadReceipt(bytes, Convert.ToHexString(hash.GetCurrentHash()), _requests, _refusedBytes));
        (_nonce, _requests, _refusedBytes) = (null, 0, 0);
    }

    private static string? NonceOf(string proof)
    {
        using JsonDocument payload = JsonDocument.Parse(Base64Url.DecodeFromChars(proof.Split('.')[1]));
        return payload.RootElement.TryGetProperty("nonce", out JsonElement nonce) ? nonce.GetString() : null;
    }
}
