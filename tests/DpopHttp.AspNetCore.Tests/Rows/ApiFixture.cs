using DpopHttp.AspNetCore.Tests.Support;

namespace DpopHttp.AspNetCore.Tests.Rows;

/// <summary>An API with the default options, for all rows of a class.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    internal TestApi Api { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Api = await TestApi.StartAsync();

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
