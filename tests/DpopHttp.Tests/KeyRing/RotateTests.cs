using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.Tests.KeyRing;

public class RotateTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rotate_AKeyOfTheProcess_ChangesItForAllThatShareIt(bool async)
    {
        await using RingBench bench = new(s =>
        {
            s.AddDpopKey("shared", k => k.Algorithm = "ES384");
            s.AddHttpClient("a").AddDpop(o => o.KeyName = "shared");
            s.AddHttpClient("b").AddDpop(o => o.KeyName = "shared");
            s.AddHttpClient("other").AddDpop();
        });
        string former = await bench.SignerAsync("a", async);
        string other = await bench.SignerAsync("other", async);
        Assert.Equal(former, await bench.SignerAsync("b", async));
        DpopKey next = bench.Ring.Rotate("b");
        Assert.NotEqual(former, next.Thumbprint);
        Assert.Equal("ES384", next.Algorithm);
        Assert.Equal([next.Thumbprint, next.Thumbprint], [await bench.SignerAsync("a", async), await bench.SignerAsync("b", async)]);
        Assert.Equal(other, await bench.SignerAsync("other", async));

        FakeLogRecord change = Assert.Single(bench.Logged("KeyChanged"));
        Assert.Equal(
            (LogLevel.Information, "shared", former, next.Thumbprint, typeof(DpopKeyRing).FullName),
            (change.Level, change.GetStructuredStateValue("Name"), change.GetStructuredStateValue("Former"), change.GetStructuredStateValue("Thumbprint"), change.Category));
    }

    [Fact]
    public async Task Rotate_AKeyInAFile_PutsTheNextOneThereAndKeepsTheFormerBesideIt()
    {
        using KeyDirectory directory = new();
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(o => (o.KeyFile, o.KeyFileProtection) = (directory["key"], DpopKeyProtection.FromPassphrase("open sesame"))));
        string former = await bench.SignerAsync("api");
        string next = bench.Ring.Rotate("api").Thumbprint;
        Assert.NotEqual(former, next);
        Assert.Equal(next, await bench.SignerAsync("api"));
        DpopKeyFile file = new(directory["key"]) { Protection = DpopKeyProtection.FromPassphrase("open sesame") };
        using DpopKey current = file.Open();
        using DpopKey? retired = file.Find(former);
        Assert.Equal([next, former], [current.Thumbprint, retired?.Thumbprint]);
    }

    [Fact]
    public async Task Rotate_TheNextKey_TriesTheNonceThatTheOriginGaveLast()
    {
        List<string?> nonces = [];
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(), () => new StubHandler(request =>
        {
            nonces.Add(DecodedProof.Nonce(request.Headers.GetValues("DPoP").Single()));
            return new HttpResponseMessage(HttpStatusCode.OK) { Headers = { { "DPoP-Nonce", "n1" } } };
        }));
        using HttpClient client = bench.Client("api");
        using HttpResponseMessage first = await client.GetAsync(RingBench.Api);
        bench.Ring.Rotate("api");
        using HttpResponseMessage second = await client.GetAsync(RingBench.Api);
        Assert.Equal([null, "n1"], nonces);
    }

    [Fact]
    public async Task Rotate_AGivenKey_Throws()
    {
        using DpopKey key = DpopKey.Generate();
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(o => o.Key = key));
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => bench.Ring.Rotate("api"));
        Assert.Contains("Use DpopKeyRing.Replace", exception.Message, StringComparison.Ordinal);
        Assert.Equal(key.Thumbprint, await bench.SignerAsync("api"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Replace_AKeyThatWasNotGiven_Throws(bool inFile)
    {
        using KeyDirectory directory = new();
        using DpopKey key = DpopKey.Generate();
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(o => o.KeyFile = inFile ? directory["key"] : null));
        string before = await bench.SignerAsync("api");
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => bench.Ring.Replace("api", key));
        Assert.Contains("'api'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("use Rotate", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await bench.SignerAsync("api"));
    }

    [Fact]
    public async Task Replace_AGivenKey_ChangesItForAllThatShareIt()
    {
        using DpopKey first = DpopKey.Generate();
        using DpopKey second = DpopKey.Generate("ES512");
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("a").AddDpop(o => o.Key = first);
            s.AddHttpClient("b").AddDpop(o => o.KeyName = "a");
        });
        Assert.Equal(first.Thumbprint, await bench.SignerAsync("b"));
        bench.Ring.Replace("b", second);
        Assert.Equal([second.Thumbprint, second.Thumbprint], [await bench.SignerAsync("a"), await bench.SignerAsync("b")]);
        Assert.Same(first, bench.Ring.Find("a", first.Thumbprint));
        bench.Ring.Replace("a", first);
        Assert.Equal(first.Thumbprint, await bench.SignerAsync("b"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rotate_AFileThatCannotBeWritten_ThrowsAndTheFormerKeyStays(bool isBroken)
    {
        using KeyDirectory directory = new();
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(o => o.KeyFile = directory["key"]));
        string before = await bench.SignerAsync("api");
        if (isBroken)
        {
            directory.Break("key");
        }
        else
        {
            directory.Remove();
        }

        DpopException exception = Assert.Throws<DpopException>(() => bench.Ring.Rotate("api"));
        Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
        Assert.Contains(directory["key"], exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, bench.Ring.Get("api").Thumbprint);
        Assert.Equal(before, await bench.SignerAsync("api"));
        Assert.Empty(bench.Logged("KeyChanged"));
        if (isBroken)
        {
            Assert.Equal("this is no key", await File.ReadAllTextAsync(directory["key"]));
        }
    }

    [Fact]
    public async Task Nulls_and_things_that_are_no_thumbprint_throw()
    {
        using DpopKey key = DpopKey.Generate();
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(o => o.Key = key));
        Assert.Throws<ArgumentNullException>("client", () => bench.Ring.Get(null!));
        Assert.Throws<ArgumentNullException>("client", () => bench.Ring.Rotate(null!));
        Assert.Throws<ArgumentNullException>("client", () => bench.Ring.Replace(null!, key));
        Assert.Throws<ArgumentNullException>("key", () => bench.Ring.Replace("api", null!));
        Assert.Throws<ArgumentNullException>("client", () => bench.Ring.Find(null!, key.Thumbprint));
        Assert.Throws<ArgumentNullException>("thumbprint", () => bench.Ring.Find("api", null!));
        foreach (string wrong in (string[])["", "x", "../../../../etc/passwd", key.Thumbprint[1..], key.Thumbprint + "A", key.Thumbprint + "=", " " + key.Thumbprint[1..]])
        {
            Assert.Throws<ArgumentException>("thumbprint", () => bench.Ring.Find("api", wrong));
        }
    }
}
