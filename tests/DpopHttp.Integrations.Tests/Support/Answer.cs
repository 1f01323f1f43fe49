namespace DpopHttp.Integrations.Tests.Support;

/// <summary>What the gate's resource answers.</summary>
public sealed record Answer(int Length);
