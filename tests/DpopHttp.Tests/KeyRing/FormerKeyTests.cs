using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tests.KeyRing;

/// <summary>What becomes of tokens that are bound to a key that was rotated out.</summary>
public class FormerKeyTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_token_of_the_former_key_is_not_sent_but_with_that_key(bool inFile, bool async)
    {
        using KeyDirectory directory = new();
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(o => o.KeyFile = inFile ? directory["key"] : null));
        DpopKey former = bench.Ring.Get("api");
        string authorization = $"DPoP {JwtTokens.BoundTo(former)}";
        Assert.Equal(former.Thumbprint, await bench.SignerAsync("api", async, authorization));
        DpopKey current = bench.Ring.Rotate("api");

        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => bench.SignerAsync("api", async, authorization));
        Assert.Equal(DpopErrorCodes.KeyMismatch, exception.Code);
        Assert.Contains(former.Thumbprint, exception.Message, StringComparison.Ordinal);
        Assert.Contains(current.Thumbprint, exception.Message, StringComparison.Ordinal);
        Assert.Single(bench.Proofs);

        using HttpClient client = bench.Client("api");
        using HttpRequestMessage request = new(HttpMethod.Get, RingBench.Api) { Headers = { { "Authorization", authorization } } };
        request.SetDpopKey(bench.Ring.Find("api", former.Thumbprint)!);
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal(former.Thumbprint, RingBench.SignerOf(bench.Proofs[1]));
        Assert.Equal(current.Thumbprint, await bench.SignerAsync("api", async, $"DPoP {JwtTokens.BoundTo(current)}"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Find_TheCurrentAndFormerKeys_FindsThemForEveryClient(bool inFile)
    {
        using KeyDirectory directory = new();
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("api").AddDpop(o => o.KeyFile = inFile ? directory["key"] : null);
            s.AddHttpClient("other").AddDpop();
        });
        DpopKey first = bench.Ring.Get("api");
        DpopKey second = bench.Ring.Rotate("api");
        DpopKey third = bench.Ring.Rotate("api");
        foreach (string client in (string[])["api", "other"])
        {
            Assert.Same(third, bench.Ring.Find(client, third.Thumbprint));
            Assert.Same(second, bench.Ring.Find(client, second.Thumbprint));
            Assert.Same(first, bench.Ring.Find(client, first.Thumbprint));
        }

        using DpopKey unknown = DpopKey.Generate();
        Assert.Null(bench.Ring.Find("api", unknown.Thumbprint));
    }

    [Fact]
    public async Task Find_AFormerKeyOfAFileAfterARestart_OpensItOnce()
    {
        using KeyDirectory directory = new();
        void Configure(IServiceCollection services) => services.AddHttpClient("api").AddDpop(o => (o.KeyFile, o.KeyFileProtection) = (directory["key"], DpopKeyProtection.FromPassphrase("open sesame")));
        string former;
        string authorization;
        string current;
        await using (RingBench before = new(Configure))
        {
            former = before.Ring.Get("api").Thumbprint;
            authorization = $"DPoP {JwtTokens.BoundTo(before.Ring.Get("api"))}";
            current = before.Ring.Rotate("api").Thumbprint;
        }

        await using RingBench bench = new(Configure);
        Assert.Equal(current, await bench.SignerAsync("api"));
        DpopKey? found = bench.Ring.Find("api", former);
        Assert.Equal(former, found?.Thumbprint);
        Assert.Same(found, bench.Ring.Find("api", former));

        using HttpClient client = bench.Client("api");
        using HttpRequestMessage request = new(HttpMethod.Get, RingBench.Api) { Headers = { { "Authorization", authorization } } };
        request.SetDpopKey(found!);
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.Equal(former, RingBench.SignerOf(bench.Proofs[1]));
    }

    [Fact]
    public async Task Find_WhereAnotherClientsFileIsBroken_FindsTheKeyAllTheSame()
    {
        using KeyDirectory directory = new();
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("broken").AddDpop(o => o.KeyFile = directory["broken"]);
            s.AddHttpClient("api").AddDpop(o => o.KeyFile = directory["key"]);
        });
        directory.Break("broken");
        Assert.Throws<DpopException>(() => bench.Ring.Get("broken"));
        DpopKey former = bench.Ring.Get("api");
        bench.Ring.Rotate("api");
        Assert.Same(former, bench.Ring.Find("api", former.Thumbprint));

        // What cannot be read is not taken for something that is not there.
        using DpopKey unknown = DpopKey.Generate();
        DpopException exception = Assert.Throws<DpopException>(() => bench.Ring.Find("api", unknown.Thumbprint));
        Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
        Assert.Contains(directory["broken"], exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_WhereAnotherClientsFileIsNotThere_MakesNone()
    {
        using KeyDirectory directory = new();
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("other").AddDpop(o => o.KeyFile = directory["other"]);
            s.AddHttpClient("api").AddDpop(o => o.KeyFile = directory["key"]);
        });
        directory.Break("other");
        Assert.Throws<DpopException>(() => bench.Ring.Get("other"));
        File.Delete(directory["other"]);
        using DpopKey unknown = DpopKey.Generate();
        Assert.Null(bench.Ring.Find("api", unknown.Thumbprint));
        Assert.False(File.Exists(directory["other"]));
    }

    [Fact]
    public async Task Find_AKeyThatWasForgotten_IsNullAfterARestart()
    {
        using KeyDirectory directory = new();
        DpopKeyFile file = new(directory["key"]);
        using DpopKey former = file.Open();
        using DpopKey current = file.Rotate();
        Assert.True(file.Forget(former.Thumbprint));
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(o => o.KeyFile = directory["key"]));
        Assert.Null(bench.Ring.Find("api", former.Thumbprint));
        Assert.Equal(current.Thumbprint, bench.Ring.Find("api", current.Thumbprint)?.Thumbprint);
    }
}
