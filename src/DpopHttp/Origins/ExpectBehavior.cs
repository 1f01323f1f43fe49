namespace DpopHttp.Origins;

/// <summary>How an origin treats <c>Expect: 100-continue</c> (RFC 9110 section 10.1.1), for each major version of HTTP.</summary>
internal sealed class ExpectBehavior
{
    /// <summary>A slow connection may look like silence once: it is asked again after this time.</summary>
    private static readonly TimeSpan MaximumAge = TimeSpan.FromHours(1);

    private readonly Silence _http1 = new();
    private readonly Silence _http2 = new();
    private volatile Version? _negotiatedVersion;
    private long _refusalTicks;

    /// <summary>The version of HTTP that TLS led to, where it is negotiated; null until the first answer to a body.</summary>
    public Version? NegotiatedVersion
    {
        get => _negotiatedVersion;
        set => _negotiatedVersion = value;
    }

    /// <summary>Whether asking is of use: not where it costs the stack's time-out and brings nothing.</summary>
    public bool IsWorthAsking(Version version, TimeProvider time) => !Of(version).Holds(time);

    /// <summary>The origin has refused the expectation (417), or has not answered it until the stack's time-out.</summary>
    public void NoteSilence(Version version, TimeProvider time) => Of(version).Begin(time);

    /// <summary>
    /// The origin has refused a request (401), but only after the stack's time-out. It may have been slow, or read all of a body first: the second time in a row it is taken for silence.
    /// </summary>
    public void NoteLateRefusal(Version version, TimeProvider time)
    {
        if (Of(version).CountLateRefusal() > 1)
        {
            NoteSilence(version, time);
        }
    }

    /// <summary>The origin has answered before the stack's time-out.</summary>
    public void NoteInTime(Version version) => Of(version).ForgetLateRefusals();

    /// <summary>How long the origin takes to refuse a request, as far as it has done so; else null.</summary>
    public TimeSpan? RefusalTime => Volatile.Read(ref _refusalTicks) is var ticks and not 0 ? new TimeSpan(ticks) : null;

    public void NoteRefusal(TimeSpan taken) => Volatile.Write(ref _refusalTicks, Math.Max(1, taken.Ticks));

    private Silence Of(Version version) => version.Major >= 2 ? _http2 : _http1;

    private sealed class Silence
    {
        /// <summary>The timestamp of its beginning, or zero.</summary>
        private long _began;

        private int _lateRefusals;

        public bool Holds(TimeProvider time) => Volatile.Read(ref _began) is var began and not 0 && time.GetElapsedTime(began) <= MaximumAge;

        public void Begin(TimeProvider time)
        {
            ForgetLateRefusals();
            Volatile.Write(ref _began, Math.Max(1, time.GetTimestamp()));
        }

        public int CountLateRefusal() => Interlocked.Increment(ref _lateRefusals);

        public void ForgetLateRefusals() => Volatile.Write(ref _lateRefusals, 0);
    }
}
