using System.Net.Http.Headers;

namespace DpopHttp.Http.Bodies;

/// <summary>
/// A request's body for as long as the request is ours: sees to it that each attempt sends all of it, or that there is no other attempt.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>Smaller bodies of unknown kinds are kept in memory; larger ones wait for the server's 100-continue. Bytes.</summary>
    private const int BufferLimit = 64 * 1024;

    private readonly HttpRequestMessage _request;
    private readonly HttpContent? _callersContent;
    private readonly bool? _callersExpectation;
    private readonly Func<HttpContent>? _factory;
    private OneShotContent? _oneShot;

    private RequestBody(HttpRequestMessage request)
    {
        _request = request;
        _callersContent = request.Content;
        _callersExpectation = request.Headers.ExpectContinue;
        _factory = request.DpopContentFactory;
        Content = request.Content;
    }

    /// <summary>The body as another request could send it: the caller's, or its copy in memory.</summary>
    public HttpContent? Content { get; private set; }

    /// <summary>Whether Expect: 100-continue is there because we added it.</summary>
    public bool ExpectsByUs { get; private set; }

    public static async ValueTask<RequestBody> PrepareAsync(HttpRequestMessage request, bool mayBeRefused, bool async, CancellationToken cancellationToken)
    {
        RequestBody body = new(request);
        if (body._factory is not null)
        {
            body.TakeFromFactory();
        }
        else if (!Replayable.IsReplayable(request.Content))
        {
            await body.MakeSendableAsync(async, cancellationToken).ConfigureAwait(false);
        }

        if (mayBeRefused && body.IsWorthAsking())
        {
            // A server that refuses before it has read the body then gets none of it, and its answer is not lost with the connection.
            request.Headers.ExpectContinue = true;
            body.ExpectsByUs = true;
        }

        return body;
    }

    /// <summary>Makes the body ready for another attempt; false if that cannot send all of it.</summary>
    public bool TryReset()
    {
        if (_oneShot is not null && !_oneShot.TryTakeBack())
        {
            return false;
        }

        if (_factory is not null)
        {
            TakeFromFactory();
        }
        else if (_oneShot is not null)
        {
            _request.Content = _oneShot = new OneShotContent(_callersContent!);
        }

        StopExpecting();
        return true;
    }

    /// <summary>Gives the request back with the caller's content and expectation. What a factory made stays: the request owns it.</summary>
    public void Dispose()
    {
        if (_factory is null)
        {
            _request.Content = _callersContent;
        }

        StopExpecting();
    }

    private void StopExpecting()
    {
        if (ExpectsByUs)
        {
            _request.Headers.ExpectContinue = _callersExpectation;
            ExpectsByUs = false;
        }
    }

    private void TakeFromFactory()
    {
        _request.Content?.Dispose();
        _request.Content = Content = _factory!() ?? throw new InvalidOperationException("The content factory of the request gave null.");
    }

    private async ValueTask MakeSendableAsync(bool async, CancellationToken cancellationToken)
    {
        HttpContent content = _callersContent!;
        _request.Content = content.Headers.ContentLength <= BufferLimit
            ? Content = await CopyAsync(content, async, cancellationToken).ConfigureAwait(false)
            : _oneShot = new OneShotContent(content);
    }

    private static async ValueTask<HttpContent> CopyAsync(HttpContent content, bool async, CancellationToken cancellationToken)
    {
        MemoryStream memory = new((int)content.Headers.ContentLength!);
        if (async)
        {
            await content.CopyToAsync(memory, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            content.CopyTo(memory, context: null, cancellationToken);
        }

        ByteArrayContent copy = new(memory.GetBuffer(), 0, (int)memory.Length);
        foreach ((string name, HeaderStringValues values) in content.Headers.NonValidated)
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }

        return copy;
    }

    /// <summary>A large body, or one that can go out only once, unless the caller has decided.</summary>
    private bool IsWorthAsking() =>
        _callersExpectation is null && (_oneShot is not null || _request.Content?.Headers.ContentLength > BufferLimit);
}
