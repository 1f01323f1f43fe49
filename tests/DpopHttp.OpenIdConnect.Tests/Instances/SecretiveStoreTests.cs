using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.Tests.Instances;

/// <summary>Stores quote keys in what they throw, as a client of Redis does by default, and a session's key has its identifier in it.</summary>
public sealed class SecretiveStoreTests(Servers servers)
{
    private readonly TestStore _store = new();

    [Theory]
    [InlineData("load")]
    [InlineData("save")]
    [InlineData("lock")]
    [InlineData("release")]
    [InlineData("remove")]
    public async Task What_a_store_throws_shows_nobody_the_identifier_of_a_session(string step)
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new()
        {
            Dpop = dpop =>
            {
                dpop.KeyPerSession = true;
                dpop.Store = _store;
            },
        });
        using Visitor visitor = await app.SignInAsync();
        DpopSession session = app.Session(await visitor.ReadAsync("/id"));
        IOException fault = new("Timeout performing the command.", new TimeoutException($"SET dpop:session:{session.Id} (5000ms)"));
        _store.Before = what => what == step ? throw fault : Task.CompletedTask;
        _store.Release = () => step == "release" ? throw fault : Task.CompletedTask;
        await site.OutliveTokensAsync();

        Exception? told = await Record.ExceptionAsync(async () => await session.GetTokenAsync());
        await session.EndAsync();

        Assert.DoesNotContain(session.Id, $"{told}");
        Assert.Contains(app.Logs.GetSnapshot(), record => record.Id.Name == "SessionStoreFailed");
        Assert.All(app.Logs.GetSnapshot(), record => Assert.DoesNotContain(session.Id, $"{record.Message} {record.Exception}"));
    }

    [Fact]
    public async Task A_store_that_cannot_be_made_at_first_is_made_later()
    {
        int made = 0;
        await using WebApp app = await WebApp.StartAsync(servers.Site, new()
        {
            Dpop = dpop =>
            {
                dpop.KeyPerSession = true;
                dpop.UseStore(_ => ++made == 1 ? throw new IOException("No connection yet.") : _store);
            },
        });
        using Visitor early = app.Open(), late = app.Open(), next = app.Open();
        Assert.Equal(System.Net.HttpStatusCode.InternalServerError, (await early.OpenAsync("/in")).Status);

        Assert.Equal("alice", await late.ReadAsync("/in"));
        Assert.Equal("alice", await next.ReadAsync("/in"));
        Assert.Equal(2, made);
    }
}
