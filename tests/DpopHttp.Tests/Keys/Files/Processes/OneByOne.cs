namespace DpopHttp.Tests.Keys.Files.Processes;

/// <summary>Tests that start hundreds of processes run after the others and one by one, so that these keep their pace.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneByOne
{
    public const string Name = "Processes";
}
