using DpopHttp.OpenIdConnect.Tests.Instances;
using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.Tests.Sessions;

/// <summary>Whatever goes wrong, the session is removed, and what can be revoked is.</summary>
public sealed class SignOutTests : IAsyncLifetime
{
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(10), LockTimeout = TimeSpan.FromSeconds(30);

    private readonly TestStore _store = new();
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously), _mayGoOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _holdsRenewals;
    private Site _site = null!;
    private HeldTimers _timers = null!;
    private WebApp _app = null!;
    private Visitor _visitor = null!;
    private DpopSession _session = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await Site.StartAsync();
        _timers = new HeldTimers(_site.Time);
        _app = await WebApp.StartAsync(_site, new()
        {
            Dpop = dpop =>
            {
                dpop.KeyPerSession = true;
                dpop.Store = _store;
            },
            Network = async request =>
            {
                if (_holdsRenewals && request.RequestUri == _site.AuthorizationServer.TokenEndpoint)
                {
                    _arrived.TrySetResult();
                    await _mayGoOn.Task;
                }

                return null;
            },
            Services = services => services.AddSingleton<TimeProvider>(_timers),
        });
        _visitor = await _app.SignInAsync();
        _session = _app.Session(await _visitor.ReadAsync("/id"));
    }

    public async ValueTask DisposeAsync()
    {
        _visitor.Dispose();
        await _app.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task A_renewal_that_takes_longer_than_sign_out_may_does_not_keep_the_session()
    {
        await _site.OutliveTokensAsync();
        _holdsRenewals = true;
        Task renewal = _session.GetTokenAsync().AsTask();
        await _arrived.Task;

        Task signOut = _session.EndAsync();
        _timers.Pass(StepTimeout);
        _mayGoOn.SetResult();
        await signOut;
        await renewal;

        AssertEnded("POST /token 400", "POST /token 200", "POST /token/revocation 200");
    }

    [Fact]
    public async Task A_lock_that_cannot_be_had_does_not_keep_the_session()
    {
        _store.Before = what => what == "lock" ? throw new IOException("The lock server is down.") : Task.CompletedTask;
        await _session.EndAsync();
        AssertEnded("POST /token/revocation 200");
    }

    [Fact]
    public async Task A_lock_that_another_instance_does_not_give_back_does_not_keep_the_session()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Before = what =>
        {
            asked.TrySetResult();
            return what == "lock" ? Task.Delay(Timeout.Infinite) : Task.CompletedTask;
        };
        Task signOut = _session.EndAsync();
        await asked.Task;
        _timers.Pass(StepTimeout);
        _timers.Pass(LockTimeout);
        await signOut;
        AssertEnded("POST /token/revocation 200");
    }

    [Fact]
    public async Task A_session_that_cannot_be_read_is_removed_and_what_is_known_of_it_revoked()
    {
        _store.Before = what => what == "load" ? throw new IOException("The disk is full.") : Task.CompletedTask;
        await _session.EndAsync();
        AssertEnded("POST /token/revocation 200");
    }

    [Fact]
    public async Task What_the_store_did_not_take_is_what_is_revoked()
    {
        await _site.OutliveTokensAsync();
        _store.Before = what => what == "save" ? throw new IOException("The disk is full.") : Task.CompletedTask;
        await Assert.ThrowsAsync<DpopTokenException>(async () => await _session.GetTokenAsync());
        string spent = _app.TakeAttempts()[0].Form["refresh_token"];

        await _session.EndAsync();

        Assert.NotEqual(spent, AssertEnded("POST /token/revocation 200").Form["token"]);
    }

    [Fact]
    public async Task A_session_that_the_store_does_not_let_go_is_not_given_out_again()
    {
        _store.Before = what => what == "remove" ? throw new IOException("The disk is full.") : Task.CompletedTask;
        await _session.EndAsync();
        Assert.True(_store.Has(_session.Id));
        await Assert.ThrowsAsync<DpopSignInRequiredException>(async () => await _session.GetTokenAsync());

        _store.Before = _ => Task.CompletedTask;
        await Assert.ThrowsAsync<DpopSignInRequiredException>(async () => await _session.GetTokenAsync());
        AssertEnded("POST /token/revocation 200");
    }

    private Attempt AssertEnded(params string[] sent)
    {
        IReadOnlyList<Attempt> attempts = _app.TakeAttempts();
        Assert.False(_store.Has(_session.Id));
        Assert.Equal(sent, attempts.Select(attempt => attempt.ToString()));
        return attempts[^1];
    }
}
