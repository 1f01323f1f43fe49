namespace DpopHttp.KeyRing;

/// <summary>A key that new options name and that couldn't be opened.</summary>
/// <param name="Source">Where it would come from.</param>
/// <param name="Accept">Brings the options into force.</param>
internal sealed record RefusedKey(KeySource Source, Action Accept);
