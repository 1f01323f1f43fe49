namespace DpopHttp.KeyRing;

/// <summary>One call of AddDpopKey.</summary>
internal sealed record KeyRegistration(string Name);
