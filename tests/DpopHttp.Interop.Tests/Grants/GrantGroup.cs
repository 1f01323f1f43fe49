namespace DpopHttp.Interop.Tests.Grants;

/// <summary>Tests that share servers whose clocks they move, and so run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class GrantGroup : ICollectionFixture<GrantServers>
{
    public const string Name = "Grants";
}
