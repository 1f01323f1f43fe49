using System.Net;
using System.Text.Json;
using DpopHttp.AspNetCore.Tests.Support;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.AspNetCore.Tests.Samples;

/// <summary>samples/Api and samples/AuthorizationServer as processes of their own, a page in Chromium, and a .NET client beside it.</summary>
public sealed class BrowserTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task PageOfAnotherOriginAndSixteenRetryingCallers_EveryCallSucceeds()
    {
        string chromium = Tools.DemandChromium();
        Tools.DemandNode();
        (int issuerPort, int apiPort, int pagePort) = (FreePort.Find(), FreePort.Find(), FreePort.Find());
        string issuer = $"http://127.0.0.1:{issuerPort}";
        string api = $"http://127.0.0.1:{apiPort}";
        string page = $"http://127.0.0.1:{pagePort}";
        using Command issuerProcess = Command.Start("dotnet", _folder, [Repository.Sample("AuthorizationServer"), $"{issuerPort}"]);
        using Command apiProcess = Command.Start(
            "dotnet",
            Path.Combine(Repository.Root, "samples/Api"),
            [Repository.Sample("Api"), $"--Urls={api}", $"--Authority={issuer}", "--Dpop:Nonces=Required", "--Dpop:NonceStep=01:00:00", $"--Cors:Origins:0={page}"]);
        await issuerProcess.SeeAsync("Ctrl+C ends it.");
        await apiProcess.SeeAsync("Ctrl+C ends it.");
        await using PageServer server = await PageServer.StartAsync(pagePort, api, issuer);
        using Command browser = Command.Start(
            chromium, _folder, ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server", $"--user-data-dir={_folder}/profile", page]);

        Task dotnet = CallAsync(issuer, api);
        JsonElement report = await server.Report.WaitAsync(TimeSpan.FromMinutes(5));
        await dotnet;

        Assert.False(report.TryGetProperty("error", out _), report.ToString());
        Assert.Equal(Enumerable.Repeat(200, 40), report.GetProperty("statuses").EnumerateArray().Select(status => status.GetInt32()));
        Assert.Equal(1, report.GetProperty("challenges").GetInt32());
    }

    private static async Task CallAsync(string issuer, string api)
    {
        ServiceCollection services = new();
        IHttpClientBuilder client = services.AddHttpClient("orders", http => http.BaseAddress = new Uri(api))
            .AddDpopClientCredentials(options =>
            {
                options.Authority = new Uri(issuer);
                options.ClientId = "orders-client";
                options.ClientSecret = "development-only";
                options.Scope = "orders";
            });
        client.AddStandardResilienceHandler();
        await using ServiceProvider provider = services.BuildServiceProvider();
        HttpClient http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        await Parallel.ForAsync(0, 16, async (_, _) =>
        {
            for (int i = 0; i < 10; i++)
            {
                using HttpResponseMessage response = await http.GetAsync(new Uri("/orders", UriKind.Relative), CancellationToken.None);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        });
    }
}
