using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.OpenIdConnect.Tests.Instances;

/// <summary>What was under way when a user signed out doesn't bring the session back.</summary>
public sealed class EndedElsewhereTests
{
    private readonly EphemeralDataProtectionProvider _protection = new();
    private readonly MemoryDistributedCache _cache = new(Options.Create(new MemoryDistributedCacheOptions()));

    /// <summary>The cache that they share has no lock, which is allowed and told.</summary>
    [Fact]
    public async Task A_renewal_at_another_instance_is_not_saved_after_sign_out_and_what_it_gave_is_revoked()
    {
        await using Site site = await Site.StartAsync();
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously), mayGoOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using WebApp first = await WebApp.StartAsync(site, Shared(async request =>
        {
            if (request.RequestUri != site.AuthorizationServer.TokenEndpoint || !(await request.Content!.ReadAsStringAsync()).Contains("refresh_token"))
            {
                return null;
            }

            HttpResponseMessage answer = await Forwarded.SendAsync(request);
            if (answer.IsSuccessStatusCode)
            {
                arrived.SetResult();
                await mayGoOn.Task;
            }

            return answer;
        }));
        await using WebApp second = await WebApp.StartAsync(site, Shared(network: null));
        using Visitor visitor = await first.SignInAsync();
        string id = await visitor.ReadAsync("/id");
        await site.OutliveTokensAsync();

        Task renewal = first.Session(id).GetTokenAsync().AsTask();
        await arrived.Task;
        await second.Session(id).EndAsync();
        mayGoOn.SetResult();
        await Assert.ThrowsAsync<DpopSignInRequiredException>(() => renewal);

        Assert.Null(await _cache.GetAsync("dpop:session:" + id));
        await Assert.ThrowsAsync<DpopSignInRequiredException>(async () => await first.Session(id).GetTokenAsync());
        first.AssertSent("POST /token 400", "POST /token 200", "POST /token/revocation 200");
    }

    [Fact]
    public async Task A_read_that_began_before_sign_out_does_not_keep_the_session_in_memory()
    {
        TestStore store = new();
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new()
        {
            Dpop = dpop =>
            {
                dpop.KeyPerSession = true;
                dpop.Store = store;
            },
        });
        using Visitor visitor = await app.SignInAsync();
        DpopSession session = app.Session(await visitor.ReadAsync("/id"));
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously), mayGoOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        store.AfterLoad = () =>
        {
            store.AfterLoad = () => Task.CompletedTask;
            arrived.SetResult();
            return mayGoOn.Task;
        };
        await site.AdvanceAsync(TimeSpan.FromMinutes(2));

        Task early = session.GetTokenAsync().AsTask();
        await arrived.Task;
        await session.EndAsync();
        mayGoOn.SetResult();
        await Record.ExceptionAsync(() => early);

        await Assert.ThrowsAsync<DpopSignInRequiredException>(async () => await session.GetTokenAsync());
    }

    private WebAppOptions Shared(Func<HttpRequestMessage, Task<HttpResponseMessage?>>? network) => new()
    {
        Dpop = dpop =>
        {
            dpop.KeyPerSession = true;
            dpop.UseDistributedCache();
        },
        Network = network,
        Services = services => services.AddSingleton<IDataProtectionProvider>(_protection).AddSingleton<IDistributedCache>(_cache),
    };
}
