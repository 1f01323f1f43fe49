namespace DpopHttp.OpenIdConnect.Sessions;

/// <summary>A renewal that failed, and the pause behind it.</summary>
internal sealed class RenewalFailure(DpopTokenException exception, TimeSpan pause, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();

    public DpopTokenException Exception => exception;

    public TimeSpan Left => pause - time.GetElapsedTime(_began);

    public bool IsOver => Left <= TimeSpan.Zero;
}
