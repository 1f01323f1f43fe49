using System.Diagnostics;
using System.Net;
using DpopHttp.Http.Requests;
using DpopHttp.Origins;

namespace DpopHttp.Http.Bodies;

/// <summary>
/// The body of a request and of those that redirects make of it: sees to it that each attempt sends all of it, or that there is no other attempt, and
/// disposes what was made for it.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private static readonly TimeSpan LongestShortHold = TimeSpan.FromMilliseconds(250);

    /// <summary>How much too early the stack's time-out may come: its timers have the clock of the system's ticks.</summary>
    private static readonly TimeSpan TimerResolution = TimeSpan.FromMilliseconds(16);

    private readonly BodySettings _settings;
    private readonly HttpRequestMessage _callersRequest;
    private readonly HttpContent? _callersContent;
    private readonly Func<HttpContent>? _factory;
    private readonly OneShotBody? _oneShot;

    /// <summary>The request that carries it now: the caller's, or the one of a redirect.</summary>
    private HttpRequestMessage _request;
    private HttpContent? _made;
    private CancellationTokenSource? _hold;
    private long _sentAt;

    private RequestBody(HttpRequestMessage request, BodySettings settings, Func<HttpContent>? factory)
    {
        _request = _callersRequest = request;
        _settings = settings;
        _callersContent = request.Content;
        _factory = factory;
        _oneShot = factory is null && !Replayable.IsReplayable(request.Content) ? new OneShotBody(request.Content!, settings.KeptLength) : null;
    }

    /// <summary>Whether Expect: 100-continue is on the request because we added it.</summary>
    public bool HasExpectationOfOurs { get; private set; }

    /// <summary>Whether the stack has cancelled the sending of a body that can be read once.</summary>
    public bool IsCancelledByStack => _request.Content is OneShotContent { IsCancelledByStack: true };

    /// <summary>Whether the body is long, so that much is sent in vain if the server refuses it.</summary>
    public bool IsLong => _callersContent is not null && IsLongContent(_callersContent);

    /// <summary>The request's body, or null if it has none.</summary>
    public static RequestBody? Of(HttpRequestMessage request, BodySettings settings)
    {
        Func<HttpContent>? factory = request.GetDpopContentFactory();
        return request.Content is null && factory is null ? null : new RequestBody(request, settings, factory);
    }

    /// <summary>Puts the body on the request for the next attempt.</summary>
    /// <param name="origin">Where it goes; null if nobody there can ask for another proof.</param>
    /// <param name="isReplay">Whether the server has just said what it wants: it will hardly ask again, and is not asked.</param>
    public void Prepare(OriginState? origin, bool isReplay)
    {
        _request.Content = _factory is not null ? MakeNext() : _oneShot is not null ? _oneShot.CreateAttempt() : _callersContent;
        HasExpectationOfOurs = false;

        // The caller's own decision about Expect stands.
        if (origin is null || isReplay || _request.Content is not { } content || _request.Headers.ExpectContinue is not null)
        {
            return;
        }

        Version version = BodySettings.LikelyVersion(_request, origin.Expect.NegotiatedVersion);
        bool isWorthAsking = origin.Expect.IsWorthAsking(version, _settings.Time);
        if (isWorthAsking && IsToBeAskedFor(origin, content, version))
        {
            Expect(content);
        }
        else if (_oneShot is not null && version.Major >= 2 && IsGrpc(content))
        {
            Hold(_oneShot, isWorthAsking ? _settings.ExpectTimeout : TimeForRefusal(origin));
        }
    }

    /// <summary>Notes that an attempt leaves now.</summary>
    public void NoteSent() => _sentAt = Stopwatch.GetTimestamp();

    /// <summary>Notes that an attempt was answered, and for its origin whether it was of any use to wait for that.</summary>
    public void NoteAnswered(OriginState origin, HttpResponseMessage response)
    {
        if (BodySettings.IsNegotiated(_request))
        {
            origin.Expect.NegotiatedVersion = response.Version;
        }

        bool expectedInVain = HasExpectationOfOurs && _request.Content is AttemptContent { Begun: not 0 and long begun }
            && _settings.ExpectTimeout != Timeout.InfiniteTimeSpan
            && Stopwatch.GetElapsedTime(_sentAt, begun) >= _settings.ExpectTimeout - TimerResolution;
        bool heldInVain = _hold is { IsCancellationRequested: true } && _oneShot!.WasHeld;
        bool isRefusal = response.StatusCode == HttpStatusCode.Unauthorized;
        if (isRefusal)
        {
            origin.Expect.NoteRefusal(Stopwatch.GetElapsedTime(_sentAt));
        }

        if (expectedInVain || heldInVain)
        {
            NoteInVain(origin, response.Version, isRefusal);
        }
        else if (HasExpectationOfOurs)
        {
            origin.Expect.NoteInTime(response.Version);
        }
    }

    /// <summary>Whether another attempt could send all of the body as things are. More of one that is under way may go out in the meantime.</summary>
    public bool CanBeRecalled => _oneShot is null || _oneShot.EndedWithinCopy != false;

    /// <summary>Whether another attempt could send all of the body. If so, the one under way sends no more.</summary>
    public bool TryRecall()
    {
        // First the recall: what is held back would go to the attempt that is over.
        bool isRecalled = _oneShot is null || _oneShot.TryRecall();
        EndHold();
        return isRecalled;
    }

    /// <summary>Gives the body to the request that a redirect makes of this one.</summary>
    public void MoveTo(HttpRequestMessage next)
    {
        GiveBack();
        _request = next;
    }

    /// <summary>Gives the caller's request its content back, or what the factory made last, which the request then owns.</summary>
    public void Dispose()
    {
        EndHold();
        if (_oneShot is not null)
        {
            _settings.ShortKinds.Note(_callersContent!, _oneShot.EndedWithinCopy);
            _oneShot.Abandon();
        }

        GiveBack();
        if (_factory is not null)
        {
            Give(_callersRequest, _made);
        }
    }

    private void NoteInVain(OriginState origin, Version version, bool isRefusal)
    {
        if (isRefusal)
        {
            origin.Expect.NoteLateRefusal(version, _settings.Time);
        }
        else
        {
            origin.Expect.NoteSilence(version, _settings.Time);
        }
    }

    private void GiveBack() => Give(_request, _factory is null && ReferenceEquals(_request, _callersRequest) ? _callersContent : null);

    private static void Give(HttpRequestMessage request, HttpContent? content)
    {
        if (ReferenceEquals(request.Content, content))
        {
            return;
        }

        try
        {
            request.Content = content;
        }
        catch (ObjectDisposedException)
        {
            // Its caller has disposed the request meanwhile, and the content would have ended with it.
            content?.Dispose();
        }
    }

    private HttpContent MakeNext()
    {
        HttpContent next = _factory!() ?? throw new InvalidOperationException("The content factory of the request gave null.");
        (_made ?? _callersContent)?.Dispose();
        return _made = next;
    }

    /// <summary>
    /// A server that refuses before it has read the body then gets none of it, and its answer is not lost with the connection. So it is for what cannot be sent
    /// again, and on HTTP/1.1, where an early answer may be lost, for long bodies of other kinds as well.
    /// </summary>
    private bool IsToBeAskedFor(OriginState origin, HttpContent content, Version version) => _oneShot is not null
        ? IsLong || (content.Headers.ContentLength is null && !IsGrpc(content) && !_settings.ShortKinds.Contains(_callersContent!))
        : version.Major < 2 && origin.MayAskForNonce && content.Headers.ContentLength > _settings.KeptLength;

    private void Expect(HttpContent content)
    {
        _request.Headers.ExpectContinue = HasExpectationOfOurs = true;
        if (_oneShot is null)
        {
            _request.Content = new ReplayableContent(content);
        }
    }

    /// <summary>Known to be longer than what is kept, or a stream of which nobody knows the length.</summary>
    private bool IsLongContent(HttpContent content) => content.Headers.ContentLength is { } length
        ? length > _settings.KeptLength
        : content is StreamContent || (content is MultipartContent parts && parts.Any(IsLongContent));

    /// <summary>Servers of gRPC know no 100-continue, and most messages are short: what goes beyond the copy waits for a refusal for a while.</summary>
    private void Hold(OneShotBody body, TimeSpan length)
    {
        if (length > TimeSpan.Zero)
        {
            _hold = new CancellationTokenSource(length);
            body.Hold(Task.Delay(Timeout.Infinite, _hold.Token));
        }
    }

    /// <summary>Where a server reads all of a body before it answers, the wait is as short as a refusal there may be.</summary>
    private static TimeSpan TimeForRefusal(OriginState origin) => origin.Expect.RefusalTime is { } taken
        ? TimeSpan.FromTicks(Math.Min((4 * taken.Ticks) + (10 * TimeSpan.TicksPerMillisecond), LongestShortHold.Ticks))
        : TimeSpan.Zero;

    private static bool IsGrpc(HttpContent content) =>
        content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    private void EndHold()
    {
        _hold?.Cancel();
        _hold?.Dispose();
        _hold = null;
    }
}
