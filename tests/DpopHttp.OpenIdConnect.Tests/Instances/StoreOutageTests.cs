using System.Net;
using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.Tests.Instances;

/// <summary>What a session needs can't be read for a while: its user stays signed in, and nobody waits for it with each request.</summary>
public sealed class StoreOutageTests
{
    private readonly TestStore _store = new();

    [Fact]
    public async Task A_store_that_fails_is_not_asked_with_each_request_of_a_session_that_is_known()
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
        await site.AdvanceAsync(TimeSpan.FromMinutes(2));
        int asked = 0;
        _store.Before = what => what == "load" && ++asked > 0 ? throw new IOException("The connection was lost.") : Task.CompletedTask;

        for (int i = 0; i < 5; i++)
        {
            Assert.Contains("alice", await visitor.ReadAsync("/call?client=userinfo"));
        }

        Assert.Equal(1, asked);
        await site.AdvanceAsync(TimeSpan.FromSeconds(6));
        await visitor.ReadAsync("/call?client=userinfo");
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_file_of_a_former_key_that_cannot_be_read_signs_nobody_out_and_stops_no_page_without_a_call()
    {
        await using Site site = await Site.StartAsync();
        string folder = Directory.CreateTempSubdirectory().FullName;
        EphemeralDataProtectionProvider protection = new();
        WebAppOptions options = new()
        {
            Dpop = dpop =>
            {
                dpop.KeyFile = Path.Combine(folder, "app.jwk");
                dpop.Store = _store;
            },
            Services = services => services.AddSingleton<IDataProtectionProvider>(protection),
        };
        Visitor visitor;
        await using (WebApp first = await WebApp.StartAsync(site, options))
        {
            visitor = await first.SignInAsync();
            first.Services.GetRequiredService<DpopKeyRing>().Rotate("oidc.dpop");
        }

        string former = Directory.GetFiles(folder, "*.retired").Single();
        byte[] content = await File.ReadAllBytesAsync(former);
        await File.WriteAllTextAsync(former, "damaged");
        await using WebApp second = await WebApp.StartAsync(site, options);
        using Visitor back = visitor.Copy(second.Address);

        Assert.Equal("alice", await back.ReadAsync("/"));
        Assert.Equal(HttpStatusCode.InternalServerError, (await back.OpenAsync("/call?client=userinfo")).Status);

        await File.WriteAllBytesAsync(former, content);
        Assert.Contains("alice", await back.ReadAsync("/call?client=userinfo"));
        Directory.Delete(folder, recursive: true);
    }
}
