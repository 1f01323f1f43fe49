using DpopHttp.OpenIdConnect.Sessions;
using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.Tests.Instances;

/// <summary>What a renewal gave is kept until the store takes it: it is neither lost, nor spent twice, nor put in place of what is newer.</summary>
public sealed class UnsavedRenewalTests : IAsyncLifetime
{
    private readonly TestStore _store = new();
    private Site _site = null!;
    private WebApp _app = null!;
    private Visitor _visitor = null!;
    private DpopSession _session = null!;

    private SessionSeal Seal => _app.Services.GetRequiredService<SessionSeal>();

    public async ValueTask InitializeAsync()
    {
        _site = await Site.StartAsync();
        _app = await WebApp.StartAsync(_site, new()
        {
            Dpop = dpop =>
            {
                dpop.KeyPerSession = true;
                dpop.Store = _store;
            },
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
    public async Task A_lock_that_cannot_be_given_back_keeps_no_renewed_token_from_its_user()
    {
        _store.Release = () => throw new IOException("The lock server is down.");
        await _site.OutliveTokensAsync();
        Assert.Contains("alice", await _visitor.ReadAsync("/call?client=userinfo"));
    }

    [Fact]
    public async Task A_session_that_ended_elsewhere_is_not_saved_again()
    {
        await RenewUnsavedAsync();
        await _store.RemoveAsync(_session.Id, CancellationToken.None);

        await Assert.ThrowsAsync<DpopSignInRequiredException>(async () => await _session.GetTokenAsync());

        Assert.False(_store.Has(_session.Id));
    }

    [Fact]
    public async Task What_another_instance_saved_later_is_what_is_good()
    {
        await RenewUnsavedAsync();
        SessionRecord later = Read() with { AccessToken = "later", RefreshToken = "later", ObtainedAt = _site.Time.GetUtcNow(), ExpiresAt = _site.Time.GetUtcNow() + Site.TokenLifetime };
        _store.Write(_session.Id, Seal.Protect(later));

        Assert.Equal("later", (await _session.GetTokenAsync()).Value);
        Assert.Equal("later", Read().RefreshToken);
        _app.AssertSent();
    }

    [Fact]
    public async Task What_expired_before_the_store_took_it_is_renewed_once_more()
    {
        await RenewUnsavedAsync();
        await _site.OutliveTokensAsync();

        Assert.True((await _session.GetTokenAsync()).ExpiresAt > _site.Time.GetUtcNow());
        _app.AssertSent("POST /token 400", "POST /token 200");
    }

    [Fact]
    public async Task What_the_store_took_although_it_failed_is_not_saved_again()
    {
        await _site.OutliveTokensAsync();
        bool fails = true;
        _store.AfterSave = () => fails ? throw new IOException("The connection was lost.") : Task.CompletedTask;
        await Assert.ThrowsAsync<DpopTokenException>(async () => await _session.GetTokenAsync());
        (fails, int saves) = (false, _store.Done.Count(what => what == "save"));
        await _site.AdvanceAsync(TimeSpan.FromSeconds(6));

        Assert.Equal(Read().AccessToken, (await _session.GetTokenAsync()).Value);
        Assert.Equal(saves, _store.Done.Count(what => what == "save"));
    }

    private SessionRecord Read() => Seal.Unprotect(_session.Id, _store.Read(_session.Id))!;

    /// <summary>The refresh token in the store is spent, and the pause behind the failure is over.</summary>
    private async Task RenewUnsavedAsync()
    {
        await _site.OutliveTokensAsync();
        _store.Before = what => what == "save" ? throw new IOException("The disk is full.") : Task.CompletedTask;
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(async () => await _session.GetTokenAsync());
        Assert.Equal(DpopTokenErrorCodes.TokenUnavailable, exception.Code);
        _app.AssertSent("POST /token 400", "POST /token 200");
        _store.Before = _ => Task.CompletedTask;
        await _site.AdvanceAsync(TimeSpan.FromSeconds(6));
    }
}
