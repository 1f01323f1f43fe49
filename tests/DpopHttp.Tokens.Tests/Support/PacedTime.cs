using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.Support;

/// <summary>
/// A clock that stands still while a request is under way to a server that will answer: however slow the machine is, no time passes for the code under
/// test meanwhile. A <see cref="TokenBench"/> with this clock tells it of its requests.
/// </summary>
internal sealed class PacedTime() : FakeTimeProvider(System.GetUtcNow())
{
    private const string Header = "Test-Request";

    private readonly ConcurrentDictionary<string, bool> _working = new();
    private int _count;

    public TimeSpan Elapsed => GetUtcNow() - Start;

    /// <summary>All requests that were begun, whether they arrived or not.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>A primary handler whose requests are counted.</summary>
    public HttpMessageHandler CreatePrimary() => new Counting(this);

    /// <summary>The server will never answer: time passes for whoever waits.</summary>
    public void NeverAnswered(HttpContext context) => _working.TryRemove(context.Request.Headers[Header].ToString(), out _);

    /// <summary>Waits for a call, and lets time pass while it waits for that.</summary>
    public async Task<T> PassAsync<T>(Task<T> call)
    {
        await PassAsync((Task)call);
        return await call;
    }

    /// <summary>Waits for a call, and lets time pass while it waits for that.</summary>
    public async Task PassAsync(Task call)
    {
        while (!call.IsCompleted)
        {
            if (_working.IsEmpty)
            {
                Advance(TimeSpan.FromMilliseconds(20));
            }

            await Task.WhenAny(call, Task.Delay(1));
        }

        await call;
    }

    /// <summary>Lets time pass, once nothing is under way.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        await Eventually.IsTrueAsync(() => _working.IsEmpty);
        Advance(time);
    }

    private sealed class Counting(PacedTime time) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string id = Begin(request);
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                time._working.TryRemove(id, out _);
            }
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string id = Begin(request);
            try
            {
                return base.Send(request, cancellationToken);
            }
            finally
            {
                time._working.TryRemove(id, out _);
            }
        }

        private string Begin(HttpRequestMessage request)
        {
            string id = Interlocked.Increment(ref time._count).ToString(CultureInfo.InvariantCulture);
            request.Headers.Remove(Header);
            request.Headers.Add(Header, id);
            time._working[id] = true;
            return id;
        }
    }
}
