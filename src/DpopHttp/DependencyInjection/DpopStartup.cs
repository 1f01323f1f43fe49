namespace DpopHttp;

/// <summary>Has no settings: its validation is what happens when the host starts.</summary>
internal sealed class DpopStartup;
