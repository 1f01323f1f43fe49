using System.Net.Http.Headers;

namespace DpopHttp.Http.Challenges;

/// <summary>A response's content of which the beginning was read: gives the beginning again, then the rest.</summary>
internal sealed class PeekedContent : StreamContent
{
    private readonly HttpContent _original;

    public PeekedContent(HttpContent original, PeekedStream body)
        : base(body)
    {
        _original = original;
        foreach ((string name, HeaderStringValues values) in original.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override void Dispose(bool disposing)
    {
        // First the stream, which ends a read that is under way.
        base.Dispose(disposing);
        if (disposing)
        {
            _original.Dispose();
        }
    }
}
