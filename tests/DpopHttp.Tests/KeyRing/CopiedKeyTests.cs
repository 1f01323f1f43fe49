using DpopHttp.Tests.Keys.Files;
using KeyDirectory = DpopHttp.Tests.KeyRing.KeyDirectory;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tests.KeyRing;

/// <summary>Options that hold a key or a protection of their own making, anew for each client and each change of the configuration.</summary>
public class CopiedKeyTests
{
    [Fact]
    public async Task Clients_may_each_have_a_copy_of_the_key()
    {
        using DpopKey key = DpopKey.Generate();
        string jwk = key.ExportPrivateJwk();
        await using RingBench bench = new(s => s.ConfigureHttpClientDefaults(b => b.AddDpop(o => o.Key = DpopKey.FromJwk(jwk))));
        Assert.Equal([key.Thumbprint, key.Thumbprint], [await bench.SignerAsync("a"), await bench.SignerAsync("b")]);
    }

    [Fact]
    public async Task A_change_of_something_else_that_copies_the_key_again_is_no_change_of_the_key()
    {
        using DpopKey key = DpopKey.Generate();
        string jwk = key.ExportPrivateJwk();
        ReloadableSettings settings = new(("Dpop:AllowInsecureHttp", "false"));
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(settings.Section()).AddDpop(o => o.Key = DpopKey.FromJwk(jwk)));
        Assert.Equal(key.Thumbprint, await bench.SignerAsync("api"));
        settings.Change(("Dpop:AllowInsecureHttp", "true"));
        Assert.Equal(key.Thumbprint, await bench.SignerAsync("api"));
        Assert.Empty(bench.Logged("KeyChanged"));
    }

    [Fact]
    public async Task Clients_with_one_file_share_its_key_although_each_has_a_protection_of_its_own()
    {
        using KeyDirectory directory = new();
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("a").AddDpop(o => (o.KeyFile, o.KeyFileProtection) = (directory["key"], NewProtection()));
            s.AddHttpClient("b").AddDpop(o => (o.KeyFile, o.KeyFileProtection) = (directory["key"], NewProtection()));
        });
        Assert.Same(bench.Ring.Get("a"), bench.Ring.Get("b"));
        DpopKey next = bench.Ring.Rotate("a");
        Assert.Equal([next.Thumbprint, next.Thumbprint], [await bench.SignerAsync("a"), await bench.SignerAsync("b")]);
    }

    [Fact]
    public async Task A_change_of_something_else_that_makes_the_protection_again_opens_no_file_again()
    {
        using KeyDirectory directory = new();
        ReloadableSettings settings = new(("Dpop:KeyFile", directory["key"]));
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(settings.Section()).AddDpop(o => o.KeyFileProtection = NewProtection()));
        DpopKey key = bench.Ring.Get("api");
        settings.Change(("Dpop:AllowInsecureHttp", "true"));
        Assert.Same(key, bench.Ring.Get("api"));
        Assert.Single(bench.Logged("KeyFileMade"));
        Assert.Empty(bench.Logged("KeyFileOpened"));
    }

    [Fact]
    public async Task A_protection_that_could_not_open_the_file_makes_way_for_the_next_one()
    {
        using KeyDirectory directory = new();
        using DpopKey key = KeyForm.Protection.File(directory["key"]).Open();
        DpopKeyProtection protection = new(_ => throw new NotSupportedException("the vault is closed"), _ => throw new NotSupportedException("the vault is closed"));
        ReloadableSettings settings = new(("Dpop:KeyFile", directory["key"]));
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(settings.Section()).AddDpop(o => o.KeyFileProtection = protection));
        Assert.Throws<DpopException>(() => bench.Ring.Get("api"));
        protection = KeyForms.Protection;
        settings.Change(("Dpop:AllowInsecureHttp", "true"));
        Assert.Equal(key.Thumbprint, bench.Ring.Get("api").Thumbprint);
    }

    private static DpopKeyProtection NewProtection() => new(bytes => KeyForms.Protect(bytes), bytes => KeyForms.Unprotect(bytes));
}
