using DpopHttp.Tokens.Waiting;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>
/// The server's last final refusal. The same question is not asked again for some seconds, unless the options or the refresh token change: a
/// service under load would ask it with each call.
/// </summary>
internal sealed class RefusalMemory(TimeProvider time)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    private Refusal? _last;

    /// <exception cref="DpopTokenException">The same was refused a moment ago.</exception>
    public void ThrowIfRefused(DpopTokenOptions options, DpopKey key, string? refreshToken)
    {
        if (Volatile.Read(ref _last) is { } last && last.IsOf(options, key, refreshToken) && last.Pause.Left is var left && left > TimeSpan.Zero)
        {
            DpopTokenException original = last.Exception;
            throw new DpopTokenException(
                original.Code,
                $"{original.Message} The server said so a moment ago and was not asked again. It is asked again in {Math.Ceiling(left.TotalSeconds)} seconds, or "
                + "when the options or the refresh token change.",
                original)
            {
                Error = original.Error,
                ErrorDescription = original.ErrorDescription,
            };
        }
    }

    public void Remember(DpopTokenOptions options, DpopKey key, string? refreshToken, DpopTokenException exception)
    {
        Pause pause = new(time);
        pause.Begin(Length);
        Volatile.Write(ref _last, new Refusal(options, key.Thumbprint, refreshToken, exception, pause));
    }

    private sealed record Refusal(DpopTokenOptions Options, string Thumbprint, string? RefreshToken, DpopTokenException Exception, Pause Pause)
    {
        /// <summary>The options of a client are one object until they change.</summary>
        public bool IsOf(DpopTokenOptions options, DpopKey key, string? refreshToken) =>
            ReferenceEquals(Options, options) && Thumbprint == key.Thumbprint && RefreshToken == refreshToken;
    }
}
