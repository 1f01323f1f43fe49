using System.Net.Http.Headers;

namespace DpopHttp.Http.Bodies;

/// <summary>The caller's content as one attempt sends it, with its headers and its length. Does not own it.</summary>
internal abstract class AttemptContent : HttpContent
{
    private readonly HttpContent _callers;

    protected AttemptContent(HttpContent callers)
    {
        _callers = callers;

        // Asked for before the copy: the getter is what computes it.
        long? length = callers.Headers.ContentLength;
        foreach ((string name, HeaderStringValues values) in callers.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }

        Headers.ContentLength = length;
    }

    /// <summary>When the stack began to send it, as a timestamp of <see cref="System.Diagnostics.Stopwatch"/>; zero while it has not.</summary>
    public long Begun { get; protected set; }

    protected HttpContent Callers => _callers;

    protected override bool TryComputeLength(out long length)
    {
        length = _callers.Headers.ContentLength ?? 0;
        return _callers.Headers.ContentLength is not null;
    }
}
