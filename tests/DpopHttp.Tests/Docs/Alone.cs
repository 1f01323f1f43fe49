namespace DpopHttp.Tests.Docs;

/// <summary>Tests that listen to all meters of the process, and those that count what is allocated, run alone: who listens lets others allocate.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
