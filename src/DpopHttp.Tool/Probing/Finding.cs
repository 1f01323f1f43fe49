namespace DpopHttp.Tool.Probing;

/// <summary>What came of a row.</summary>
/// <param name="Id">The row's.</param>
/// <param name="Name">The row's.</param>
/// <param name="Section">The row's.</param>
/// <param name="IsGood">True: as it must be. False: a fault of the API. Null: not tried, or allowed.</param>
/// <param name="Text">What was found.</param>
internal sealed record Finding(string Id, string Name, string Section, bool? IsGood, string Text);
