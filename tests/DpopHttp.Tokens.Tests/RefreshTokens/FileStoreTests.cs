using System.Net;
using System.Runtime.Versioning;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.RefreshTokens;

/// <summary>A refresh token in a file.</summary>
public sealed class FileStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string Path => System.IO.Path.Combine(_folder.FullName, "refresh-token.json");

    private DpopRefreshTokenStore Store => DpopRefreshTokenStore.InFile(Path);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("a-refresh-token", null)]
    [InlineData("with \"quotes\" \\ and \u00e9", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")]
    public async Task What_was_saved_is_loaded(string value, string? thumbprint)
    {
        Assert.Null(await Store.LoadAsync(CancellationToken.None));
        await Store.SaveAsync(new DpopRefreshToken("the one before"), CancellationToken.None);
        await Store.SaveAsync(new DpopRefreshToken(value, thumbprint), CancellationToken.None);
        DpopRefreshToken? loaded = await Store.LoadAsync(CancellationToken.None);
        Assert.Equal((value, thumbprint), (loaded?.Value, loaded?.KeyThumbprint));
        Assert.Equal(["refresh-token.json"], _folder.EnumerateFiles().Select(file => file.Name));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"refresh_token\":\"a-secr")]
    [InlineData("{\"refresh_token\":\"\"}")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"refresh_token\":17}")]
    [InlineData("{\"refresh_token\":\"a-secret\",\"jkt\":\"no-thumbprint\"}")]
    public async Task A_damaged_file_is_an_error_that_names_it_and_stays_as_it_is(string content)
    {
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: RotatingRefreshTokens.AddTo(Store));
        await Store.SaveAsync(new DpopRefreshToken("refresh-1"), CancellationToken.None);
        await File.WriteAllTextAsync(Path, content);
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal(DpopTokenErrorCodes.RefreshTokenStoreFailed, exception.Code);
        Assert.Contains(Path, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secr", exception.ToString(), StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(Path));
        Assert.Equal(0, bench.Tokens.Arrivals);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_file_that_others_may_read_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await Store.SaveAsync(new DpopRefreshToken("refresh-1"), CancellationToken.None);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        IOException exception = await Assert.ThrowsAnyAsync<IOException>(async () => await Store.LoadAsync(CancellationToken.None));
        Assert.Contains("chmod 600", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instances_that_share_the_file_renew_one_after_the_other_and_use_no_refresh_token_twice()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await Store.SaveAsync(new DpopRefreshToken("refresh-1"), CancellationToken.None);
        await using TokenBench bench = await TokenBench.StartAsync(time: time, addTokens: RotatingRefreshTokens.AddTo(Store));
        RotatingRefreshTokens server = RotatingRefreshTokens.At(bench.Tokens);
        ServiceProvider[] instances = [.. Enumerable.Range(0, 8).Select(_ => Instance(bench, time))];
        for (int round = 1; round <= 5; round++)
        {
            HttpStatusCode[] outcomes = await Task.WhenAll(instances.Select(CallAsync));
            Assert.All(outcomes, outcome => Assert.Equal(HttpStatusCode.OK, outcome));
            Assert.Equal(round * instances.Length, bench.Tokens.Requests.Length);
            time.Advance(TimeSpan.FromHours(2));
        }

        Assert.Equal((1, false), (bench.Tokens.MostAtOnce, server.IsRevoked));
        Assert.Equal(server.Current, (await Store.LoadAsync(CancellationToken.None))?.Value);
        Array.ForEach(instances, instance => instance.Dispose());
    }

    /// <summary>As another process would: a key ring, a store and handlers of its own. A confidential client may come with any key.</summary>
    private ServiceProvider Instance(TokenBench bench, TimeProvider time)
    {
        ServiceCollection services = new();
        services.AddSingleton(time);
        IHttpClientBuilder client = services.AddHttpClient(TokenBench.Client, http => http.BaseAddress = bench.Api.BaseAddress);
        RotatingRefreshTokens.AddTo(DpopRefreshTokenStore.InFile(Path), options => options.ClientSecret = "secret")(client, bench.Tokens);
        return services.BuildServiceProvider();
    }

    private static async Task<HttpStatusCode> CallAsync(ServiceProvider instance)
    {
        using HttpClient http = instance.GetRequiredService<IHttpClientFactory>().CreateClient(TokenBench.Client);
        using HttpResponseMessage response = await http.GetAsync("orders");
        return response.StatusCode;
    }
}
