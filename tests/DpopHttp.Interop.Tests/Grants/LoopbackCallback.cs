using System.Net;
using DpopHttp.Tests.Support;

namespace DpopHttp.Interop.Tests.Grants;

/// <summary>What a native app listens with for its callback (RFC 8252 section 7.3): one request on a port that is free.</summary>
internal sealed class LoopbackCallback : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpListener _listener = new();

    public LoopbackCallback()
    {
        Uri = $"http://127.0.0.1:{FreePort.Find()}/callback";
        _listener.Prefixes.Add(Uri + "/");
        _listener.Start();
    }

    public string Uri { get; }

    /// <summary>Answers the one request; its URL.</summary>
    public async Task<Uri> ReceiveAsync()
    {
        HttpListenerContext context = await _listener.GetContextAsync().WaitAsync(Patience);
        context.Response.Close("Done."u8.ToArray(), willBlock: false);
        return context.Request.Url!;
    }

    public void Dispose() => _listener.Close();
}
