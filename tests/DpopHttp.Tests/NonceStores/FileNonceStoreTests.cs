using System.Globalization;
using DpopHttp.Testing;
using DpopHttp.Tests.Keys.Files.Processes;
using DpopHttp.Tests.Support;

namespace DpopHttp.Tests.NonceStores;

public sealed class FileNonceStoreTests : IDisposable
{
    private const string Name = "https://api.example.com:443 token";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string FilePath => Path.Combine(_folder.FullName, "nonces.json");

    private DpopNonceStore Store => DpopNonceStore.InFile(FilePath);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_saved_last_under_a_name_is_loaded()
    {
        Assert.Null(await Store.LoadAsync(Name));
        Assert.Empty(_folder.EnumerateFiles());
        await Store.SaveAsync(Name, "one");
        await Store.SaveAsync("https://api.example.com:443", "other");
        await Store.SaveAsync(Name, "two");
        Assert.Equal(("two", "other", null), (await Store.LoadAsync(Name), await Store.LoadAsync("https://api.example.com:443"), await Store.LoadAsync("https://api.example.com")));
        Assert.Equal("""{"dpop_nonces":{"https://api.example.com:443":"other","https://api.example.com:443 token":"two"}}""", await File.ReadAllTextAsync(FilePath));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        }
    }

    [Fact]
    public async Task The_last_hundred_are_kept()
    {
        for (int i = 0; i < 102; i++)
        {
            await Store.SaveAsync(Numbered(i), "nonce");
            await Store.SaveAsync(Numbered(1), "nonce");
        }

        Assert.Equal([null, "nonce", null, "nonce", "nonce"], await LoadAsync(Numbered(0), Numbered(1), Numbered(2), Numbered(3), Numbered(101)));
    }

    [Fact]
    public async Task Long_ones_are_kept_as_far_as_the_file_can_be_read()
    {
        string nonce = new('n', 2048);
        for (int i = 0; i < 60; i++)
        {
            await Store.SaveAsync(Numbered(i), nonce);
        }

        Assert.InRange(new FileInfo(FilePath).Length, 60_000, 64 * 1024);
        Assert.Equal([null, nonce, nonce], await LoadAsync(Numbered(0), Numbered(30), Numbered(59)));
    }

    [Theory]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"x","y":"y","d":"d"}""")]
    [InlineData("""{"dpop_nonces":["https://api.example.com:443"]}""")]
    [InlineData("""{"dpop_nonces":{"https://api""")]
    [InlineData("null")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    public async Task A_file_of_another_kind_is_an_error_that_quotes_nothing_and_stays_as_it_is(string content)
    {
        await Store.SaveAsync(Name, "nonce");
        await File.WriteAllTextAsync(FilePath, content);
        InvalidDataException[] faults =
        [
            await Assert.ThrowsAsync<InvalidDataException>(() => Store.LoadAsync(Name).AsTask()),
            await Assert.ThrowsAsync<InvalidDataException>(() => Store.SaveAsync(Name, "nonce").AsTask()),
        ];
        Assert.All(faults, fault => Assert.Equal($"The file {FilePath} isn't one of nonces. It is left as it is: remove it, or give another path.", fault.Message));
        Assert.All(faults, fault => Assert.Null(fault.InnerException));
        Assert.Equal(content, await File.ReadAllTextAsync(FilePath));
    }

    [Fact]
    public async Task An_empty_file_has_no_nonces()
    {
        await Store.SaveAsync(Name, "nonce");
        await File.WriteAllTextAsync(FilePath, "");
        Assert.Null(await Store.LoadAsync(Name));
        await Store.SaveAsync(Name, "nonce");
        Assert.Equal("nonce", await Store.LoadAsync(Name));
    }

    [Fact]
    public async Task A_file_that_others_may_read_is_refused_and_the_call_goes_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        await Store.SaveAsync(Name, "nonce");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        }

        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        await using StoreBench process = new(Store);
        await process.CallAsync(server.BaseAddress, async: true, times: 2);
        Assert.Equal(3, server.Api.Requests.Count);
        Assert.Contains("chmod 600", Assert.Single(process.Failures).Exception!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_empty_path_is_an_error(string path) => Assert.Equal("path", Assert.Throws<ArgumentException>(() => DpopNonceStore.InFile(path)).ParamName);

    [Fact]
    public async Task Processes_that_save_at_the_same_time_lose_nothing()
    {
        string[] names = ["a", "b", "c"];
        KeyFileProgram[] processes = await Task.WhenAll(names.Select(name => KeyFileProgram.StartAsync(KeyFileProgram.Program, ["save", FilePath, name, "20"])));
        foreach (KeyFileProgram process in processes)
        {
            process.Command();
        }

        foreach (KeyFileProgram process in processes)
        {
            Assert.Equal(["ok"], await process.ReadToEndAsync());
            process.Dispose();
        }

        Assert.All(await LoadAsync([.. names.SelectMany(name => Enumerable.Range(0, 20).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}-{i}")))]), Assert.NotNull);
        Assert.Equal(["nonces.json", "nonces.json.lock"], _folder.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    private async Task<List<string?>> LoadAsync(params string[] names)
    {
        List<string?> nonces = [];
        foreach (string name in names)
        {
            nonces.Add(await Store.LoadAsync(name));
        }

        return nonces;
    }

    private static string Numbered(int number) => string.Create(CultureInfo.InvariantCulture, $"https://api-{number}.example.com:443");
}
