using System.Net;
using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.OpenIdConnect.Tests.Instances;

public sealed class SharedStoreTests
{
    private readonly EphemeralDataProtectionProvider _protection = new();
    private readonly FaultyCache _cache = new(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())));

    [Fact]
    public async Task A_session_outlives_the_process_and_a_missing_lock_is_told_once()
    {
        await using Site site = await Site.StartAsync();
        Visitor visitor;
        await using (WebApp first = await WebApp.StartAsync(site, Shared()))
        {
            visitor = await first.SignInAsync();
        }

        await using WebApp second = await WebApp.StartAsync(site, Shared());
        using Visitor back = visitor.Copy(second.Address);
        for (int i = 0; i < 3; i++)
        {
            await site.OutliveTokensAsync();
            Assert.Equal(HttpStatusCode.OK, (await back.OpenAsync("/call?client=userinfo", isPage: false)).Status);
        }

        Assert.Single(second.Logs.GetSnapshot(), record => record.Id.Name == "SessionStoreWithoutLock");
    }

    [Fact]
    public async Task A_session_in_memory_ends_with_the_process_and_the_cookie_signs_in_again()
    {
        await using Site site = await Site.StartAsync();
        WebAppOptions options = new() { Services = services => services.AddSingleton<IDataProtectionProvider>(_protection) };
        Visitor visitor;
        await using (WebApp first = await WebApp.StartAsync(site, options))
        {
            visitor = await first.SignInAsync();
        }

        await using WebApp second = await WebApp.StartAsync(site, options);
        using Visitor back = visitor.Copy(second.Address);
        Assert.Equal(HttpStatusCode.Unauthorized, (await back.OpenAsync("/call?client=userinfo", isPage: false)).Status);
        Assert.Contains("alice", await back.ReadAsync("/call?client=userinfo"));
    }

    [Fact]
    public async Task A_renewed_token_goes_to_nobody_before_it_is_saved_and_is_not_lost()
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, Shared());
        using Visitor visitor = await app.SignInAsync();
        DpopSession session = app.Session(await visitor.ReadAsync("/id"));
        await site.OutliveTokensAsync();
        _cache.FailsToWrite = true;

        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(async () => await session.GetTokenAsync());
        Assert.Equal(DpopTokenErrorCodes.TokenUnavailable, exception.Code);
        app.AssertSent("POST /token 400", "POST /token 200");

        _cache.FailsToWrite = false;
        await site.AdvanceAsync(TimeSpan.FromSeconds(6));
        await session.GetTokenAsync();
        app.AssertSent();
        await site.OutliveTokensAsync();
        await session.GetTokenAsync();
        app.AssertSent("POST /token 400", "POST /token 200");
    }

    [Fact]
    public async Task What_is_in_the_store_shows_no_token_and_fits_no_other_session()
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, Shared());
        using Visitor first = await app.SignInAsync(), second = await app.SignInAsync();
        string id = await first.ReadAsync("/id"), other = await second.ReadAsync("/id");
        DpopUserToken token = await app.Session(id).GetTokenAsync();

        byte[] entry = (await _cache.GetAsync("dpop:session:" + id))!;
        Assert.DoesNotContain(token.Value, System.Text.Encoding.Latin1.GetString(entry));
        await _cache.SetAsync("dpop:session:" + other, entry, new DistributedCacheEntryOptions());
        await site.AdvanceAsync(TimeSpan.FromMinutes(2));
        await Assert.ThrowsAsync<DpopSignInRequiredException>(async () => await app.Session(other).GetTokenAsync());
    }

    private WebAppOptions Shared() => new()
    {
        Dpop = dpop =>
        {
            dpop.KeyPerSession = true;
            dpop.UseDistributedCache();
        },
        Services = services => services.AddSingleton<IDataProtectionProvider>(_protection).AddSingleton<IDistributedCache>(_cache),
    };
}
