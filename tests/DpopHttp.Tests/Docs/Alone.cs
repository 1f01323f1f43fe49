namespace DpopHttp.Tests.Docs;

/// <summary>Tests that listen to all meters of the process run alone: what is measured allocates, and other tests count what is allocated.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
