using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.Tests.KeyRing;

/// <summary>Configuration that names another key while the client is in use.</summary>
public class ReloadTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_file_is_used_by_the_next_request_of_the_same_client(bool async)
    {
        using KeyDirectory directory = new();
        ReloadableSettings settings = new(("Dpop:KeyFile", directory["one"]));
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("api").AddDpop(settings.Section());
            s.AddHttpClient("other").AddDpop();
        });
        using HttpClient client = bench.Client("api");
        string first = await SignerAsync(bench, client, async);
        string other = await bench.SignerAsync("other");
        settings.Change(("Dpop:KeyFile", directory["two"]));
        string second = await SignerAsync(bench, client, async);
        Assert.Equal(second, await SignerAsync(bench, client, async));
        Assert.Equal(other, await bench.SignerAsync("other"));

        using DpopKey one = new DpopKeyFile(directory["one"]).Open();
        using DpopKey two = new DpopKeyFile(directory["two"]).Open();
        Assert.Equal([one.Thumbprint, two.Thumbprint], [first, second]);
        FakeLogRecord change = Assert.Single(bench.Logged("KeyChanged"));
        Assert.Equal(
            (LogLevel.Information, "api", first, second),
            (change.Level, change.GetStructuredStateValue("Name"), change.GetStructuredStateValue("Former"), change.GetStructuredStateValue("Thumbprint")));
        Assert.Equal(first, bench.Ring.Find("api", first)?.Thumbprint);

        settings.Change(("Dpop:KeyFile", directory["one"]));
        Assert.Equal(first, await SignerAsync(bench, client, async));
    }

    [Fact]
    public async Task Another_file_is_used_by_those_that_share_the_key()
    {
        using KeyDirectory directory = new();
        ReloadableSettings settings = new(("Dpop:KeyFile", directory["one"]));
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("api").AddDpop(settings.Section());
            s.AddHttpClient("sharer").AddDpop(o => o.KeyName = "api");
        });
        string first = await bench.SignerAsync("sharer");
        settings.Change(("Dpop:KeyFile", directory["two"]));
        string second = await bench.SignerAsync("sharer");
        Assert.NotEqual(first, second);
        Assert.Equal(second, await bench.SignerAsync("api"));
    }

    [Fact]
    public async Task The_configuration_of_the_defaults_is_followed_by_every_client()
    {
        using KeyDirectory directory = new();
        ReloadableSettings settings = new(("Dpop:KeyFile", directory["one"]));
        await using RingBench bench = new(s =>
        {
            s.ConfigureHttpClientDefaults(b => b.AddDpop(settings.Section()));
            s.AddHttpClient("a");
            s.AddHttpClient("b").AddDpop();
        });
        string first = await bench.SignerAsync("a");
        Assert.Equal(first, await bench.SignerAsync("b"));
        settings.Change(("Dpop:KeyFile", directory["two"]));
        string second = await bench.SignerAsync("a");
        Assert.NotEqual(first, second);
        Assert.Equal(second, await bench.SignerAsync("b"));
    }

    [Fact]
    public async Task A_change_of_something_else_changes_no_key()
    {
        ReloadableSettings settings = new(("Dpop:KeyAlgorithm", "ES384"));
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(settings.Section()));
        string before = await bench.SignerAsync("api");
        settings.Change(("Dpop:AllowInsecureHttp", "true"));
        Assert.Equal(before, await bench.SignerAsync("api"));
        Assert.Empty(bench.Logged("KeyChanged"));
        Assert.Single(bench.Logged("KeyMade"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broken_file_leaves_the_former_key_in_use_until_a_good_one_comes(bool async)
    {
        using KeyDirectory directory = new();
        ReloadableSettings settings = new(("Dpop:KeyFile", directory["good"]));
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(settings.Section()));
        using HttpClient client = bench.Client("api");
        string before = await SignerAsync(bench, client, async);
        settings.Change(("Dpop:KeyFile", directory.Break("broken")));
        Assert.Equal([before, before], [await SignerAsync(bench, client, async), await SignerAsync(bench, client, async)]);
        AssertFailedOnce(bench, before, directory["broken"]);
        Assert.Throws<DpopException>(() => bench.Ring.Rotate("api"));
        Assert.Equal(before, await SignerAsync(bench, client, async));
        Assert.Empty(bench.Logged("KeyChanged"));

        settings.Change(("Dpop:KeyFile", directory["better"]));
        string after = await SignerAsync(bench, client, async);
        using DpopKey better = new DpopKeyFile(directory["better"]).Open();
        Assert.Equal(better.Thumbprint, after);
        Assert.Contains(before, Assert.Single(bench.Logged("KeyChanged")).Message, StringComparison.Ordinal);
        Assert.Single(bench.Logged("KeyChangeFailed"));
    }

    [Theory]
    [InlineData("misspelt", "'misspelt', which isn't defined")]
    [InlineData("sharer", "name each other's keys")]
    public async Task A_change_to_a_key_name_that_cannot_be_leaves_the_former_key_in_use(string keyName, string named)
    {
        ReloadableSettings settings = new(("Dpop:AllowInsecureHttp", "false"));
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("api").AddDpop(settings.Section());
            s.AddHttpClient("sharer").AddDpop(o => o.KeyName = "api");
        });
        string before = await bench.SignerAsync("api");
        settings.Change(("Dpop:KeyName", keyName));
        Assert.Equal([before, before], [await bench.SignerAsync("api"), await bench.SignerAsync("sharer")]);
        Assert.Contains(named, Assert.Single(bench.Logged("OptionsRefused")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_to_another_key_name_is_followed_also_by_those_that_name_the_client()
    {
        using DpopKey key = DpopKey.Generate();
        ReloadableSettings settings = new(("Dpop:AllowInsecureHttp", "false"));
        await using RingBench bench = new(s =>
        {
            s.AddDpopKey("other", k => k.Key = key);
            s.AddHttpClient("api").AddDpop(settings.Section());
            s.AddHttpClient("sharer").AddDpop(o => o.KeyName = "api");
        });
        string before = await bench.SignerAsync("sharer");
        settings.Change(("Dpop:KeyName", "other"));
        Assert.Equal([key.Thumbprint, key.Thumbprint], [await bench.SignerAsync("api"), await bench.SignerAsync("sharer")]);
        settings.Change(("Dpop:KeyName", null));
        Assert.Equal([before, before], [await bench.SignerAsync("api"), await bench.SignerAsync("sharer")]);
    }

    [Theory]
    [InlineData("Dpop:KeyFile", "", "KeyFile is empty")]
    [InlineData("Dpop:KeyAlgorithm", "none", "KeyAlgorithm is 'none'")]
    [InlineData("Dpop:KeyFlie", "x", "KeyFlie")]
    [InlineData("Dpop:BearerTokens", "Upgarde", "BearerTokens")]
    public async Task Faulty_options_leave_the_former_key_in_use(string key, string value, string named)
    {
        using KeyDirectory directory = new();
        ReloadableSettings settings = new(("Dpop:KeyFile", directory["good"]));
        ReloadableSettings others = new(("Other:AllowInsecureHttp", "false"));
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("api").AddDpop(settings.Section());
            s.AddHttpClient("other").AddDpop(others.Section("Other"));
        });
        using HttpClient client = bench.Client("api");
        string before = await SignerAsync(bench, client);
        string other = await bench.SignerAsync("other");

        settings.Change((key, value));
        Assert.Equal(before, await SignerAsync(bench, client));
        others.Change(("Other:KeyFile", directory["others"]));
        Assert.Equal(before, await SignerAsync(bench, client));
        Assert.NotEqual(other, await bench.SignerAsync("other"));
        FakeLogRecord failure = Assert.Single(bench.Logged("OptionsRefused"));
        Assert.Equal((LogLevel.Error, "api"), (failure.Level, failure.GetStructuredStateValue("Name")));
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);

        settings.Change((key, key == "Dpop:KeyFile" ? directory["better"] : null));
        Assert.Equal(key != "Dpop:KeyFile", before == await SignerAsync(bench, client));
    }

    [Fact]
    public async Task Whatever_the_applications_own_code_throws_over_a_change_leaves_the_former_key_in_use()
    {
        Exception? fault = null;
        ReloadableSettings others = new(("Other:AllowInsecureHttp", "false"));
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("api").AddDpop(o => o.AllowInsecureHttp = fault is null ? false : throw fault);
            s.AddHttpClient("other").AddDpop();
            s.ConfigureHttpClientDefaults(b => b.AddDpop(others.Section("Other")));
        });
        using HttpClient client = bench.Client("api");
        string before = await SignerAsync(bench, client);
        fault = new FormatException("no number");
        others.Change(("Other:AllowInsecureHttp", "true"));
        Assert.Equal(before, await SignerAsync(bench, client));
        Assert.Same(fault, Assert.Single(bench.Logged("OptionsRefused")).Exception);
    }

    [Fact]
    public async Task A_path_that_is_none_leaves_the_former_key_in_use()
    {
        using KeyDirectory directory = new();
        ReloadableSettings settings = new(("Dpop:KeyFile", directory["key"]));
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(settings.Section()));
        using HttpClient client = bench.Client("api");
        string before = await SignerAsync(bench, client);
        settings.Change(("Dpop:KeyFile", "a\0b"));
        Assert.Equal(before, await SignerAsync(bench, client));
        Assert.Single(bench.Logged("OptionsRefused"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_algorithm_for_the_same_file_is_had_by_rotating(bool atStart)
    {
        using KeyDirectory directory = new();
        using DpopKey former = new DpopKeyFile(directory["key"]).Open();
        ReloadableSettings settings = new(("Dpop:KeyFile", directory["key"]), ("Dpop:KeyAlgorithm", atStart ? "ES384" : null));
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(settings.Section()));
        if (!atStart)
        {
            Assert.Equal(former.Thumbprint, await bench.SignerAsync("api"));
            settings.Change(("Dpop:KeyAlgorithm", "ES384"));
            Assert.Equal(former.Thumbprint, await bench.SignerAsync("api"));
        }
        else
        {
            Assert.Contains("Rotate", Assert.Throws<DpopException>(() => bench.Ring.Get("api")).Message, StringComparison.Ordinal);
        }

        DpopKey next = bench.Ring.Rotate("api");
        Assert.Equal("ES384", next.Algorithm);
        Assert.Equal(next.Thumbprint, await bench.SignerAsync("api"));
        Assert.Equal(former.Thumbprint, bench.Ring.Find("api", former.Thumbprint)?.Thumbprint);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broken_file_at_first_use_is_an_error_on_each_request_until_it_is_repaired(bool async)
    {
        using KeyDirectory directory = new();
        string path = directory.Break("key");
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(o => o.KeyFile = path));
        using HttpClient client = bench.Client("api");
        for (int i = 0; i < 3; i++)
        {
            DpopException exception = await Assert.ThrowsAsync<DpopException>(() => SignerAsync(bench, client, async));
            Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
            Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        }

        Assert.Empty(bench.Proofs);
        Assert.Equal(3, bench.Logged("NotSent").Count);
        File.Delete(path);
        using DpopKey repaired = new DpopKeyFile(path).Open();
        Assert.Equal(repaired.Thumbprint, await SignerAsync(bench, client, async));
    }

    private static void AssertFailedOnce(RingBench bench, string thumbprint, string named)
    {
        FakeLogRecord failure = Assert.Single(bench.Logged("KeyChangeFailed"));
        Assert.Equal((LogLevel.Error, "api", thumbprint), (failure.Level, failure.GetStructuredStateValue("Name"), failure.GetStructuredStateValue("Thumbprint")));
        Assert.Contains(named, Assert.IsType<DpopException>(failure.Exception).Message, StringComparison.Ordinal);
    }

    private static async Task<string> SignerAsync(RingBench bench, HttpClient client, bool async = true)
    {
        using HttpResponseMessage response = await client.GetAsync(RingBench.Api, async);
        return RingBench.SignerOf(bench.Proofs[^1]);
    }
}
