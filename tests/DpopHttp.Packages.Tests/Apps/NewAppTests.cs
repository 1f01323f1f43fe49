using System.Text.RegularExpressions;
using DpopHttp.Packages.Tests.Support;
using DpopHttp.Tests.Support;
using DpopHttp.Verification;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Packages.Tests.Apps;

/// <summary>The packages in new projects, beside the lowest packages that such a project has: each builds without a warning, and does its work.</summary>
public sealed partial class NewAppTests(PackageFeed feed)
{
    private const string Sdk = "Microsoft.NET.Sdk";
    private const string Http = "Microsoft.Extensions.Http 10.0.0";

    [Fact]
    public async Task A_console_program_of_the_five_lines_of_the_readme()
    {
        DpopProofVerifier proofs = new();
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            DpopProofContext proof = new(context.Request.Method, $"{context.Request.Scheme}://{context.Request.Host}{context.Request.Path}", context.Request.Headers["DPoP"].OfType<string>())
            {
                AccessToken = context.Request.Headers.Authorization.ToString()["DPoP ".Length..],
            };
            DpopProofResult result = await proofs.VerifyAsync(proof);
            context.Response.StatusCode = result.IsValid ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
        });
        string readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src/DpopHttp/README.md"), TestContext.Current.CancellationToken);
        string lines = CSharp().Matches(readme).Select(match => match.Groups[1].Value).Single(block => block.Contains("DpopProof.Create", StringComparison.Ordinal));
        Assert.Equal(5, lines.Count(c => c == '\n'));
        NewApp app = await NewApp.BuildAsync(feed, "Console", Sdk, ["DpopHttp", Http], $$"""
            using DpopHttp;

            using HttpClient http = new();
            string accessToken = "opaque";
            {{lines.Replace("https://api.example.com/", server.BaseAddress.AbsoluteUri, StringComparison.Ordinal)}}
            Console.WriteLine($"{response.StatusCode} to {accessToken}");
            """);
        Assert.Contains("OK to opaque", await app.RunAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_with_tokens_of_its_own()
    {
        await using Site site = await Site.StartAsync();
        NewApp app = await NewApp.BuildAsync(feed, "Worker", Sdk, ["DpopHttp.Tokens", "Microsoft.Extensions.Hosting 10.0.0", Http], """
            using Microsoft.Extensions.Configuration;
            using Microsoft.Extensions.DependencyInjection;
            using Microsoft.Extensions.Hosting;

            HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
            builder.Services.AddHttpClient<OrdersClient>(client => client.BaseAddress = new Uri(builder.Configuration["Orders:Api"]!))
                .AddDpop(options => options.KeyFile = "dpop-key.jwk")
                .AddDpopClientCredentials(options =>
                {
                    options.Authority = new Uri(builder.Configuration["Orders:Authority"]!);
                    options.ClientId = builder.Configuration["Orders:ClientId"]!;
                    options.ClientSecret = builder.Configuration["Orders:ClientSecret"];
                    options.Scope = "orders";
                });
            builder.Services.AddHostedService<Worker>();
            await builder.Build().RunAsync();

            internal sealed class OrdersClient(HttpClient http)
            {
                public Task<string> ListAsync(CancellationToken cancellationToken) => http.GetStringAsync("orders", cancellationToken);
            }

            internal sealed class Worker(OrdersClient orders, IHostApplicationLifetime lifetime) : BackgroundService
            {
                protected override async Task ExecuteAsync(CancellationToken stoppingToken)
                {
                    Console.WriteLine("orders: " + await orders.ListAsync(stoppingToken));
                    lifetime.StopApplication();
                }
            }
            """);
        Assert.Contains("orders: [", await app.RunAsync(site.Settings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_application_that_calls_an_api()
    {
        await using Site site = await Site.StartAsync();
        NewApp app = await NewApp.BuildAsync(feed, "Web", "Microsoft.NET.Sdk.Web", ["DpopHttp.Tokens", "DpopHttp.AspNetCore", "DpopHttp.Redis"], """
            WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
            builder.Services.AddHttpClient<OrdersClient>(client => client.BaseAddress = new Uri(builder.Configuration["Orders:Api"]!))
                .AddDpopClientCredentials(options =>
                {
                    options.Authority = new Uri(builder.Configuration["Orders:Authority"]!);
                    options.ClientId = builder.Configuration["Orders:ClientId"]!;
                    options.ClientSecret = builder.Configuration["Orders:ClientSecret"];
                });
            WebApplication app = builder.Build();
            app.MapGet("/", (OrdersClient orders) => orders.ListAsync());
            await app.StartAsync();
            using HttpClient browser = new();
            Console.WriteLine("orders: " + await browser.GetStringAsync(app.Urls.Single()));

            internal sealed class OrdersClient(HttpClient http)
            {
                public Task<string> ListAsync() => http.GetStringAsync("orders");
            }
            """);
        Assert.Contains("orders: [", await app.RunAsync([.. site.Settings, "--urls=http://127.0.0.1:0"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tests_of_code_that_uses_the_package()
    {
        NewApp app = await NewApp.BuildAsync(feed, "Tests", Sdk, ["DpopHttp", "DpopHttp.Testing", "xunit.v3 4.0.2", Http], $$"""
            using System.Net;
            using System.Net.Http.Headers;
            using DpopHttp;
            using DpopHttp.Testing;
            using Xunit;

            public class OrdersClientTests
            {
                [Fact]
                public async Task A_nonce_is_learnt()
                {
                    using DpopKey key = DpopKey.Generate();
                    ProtectedResourceHandler api = new() { Nonces = NonceMode.OneTime };
                    using HttpClient client = new(new DpopHandler(key) { InnerHandler = api });
                    client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("DPoP", "any-token");
                    using HttpResponseMessage response = await client.GetAsync(new Uri("https://api.example.com/orders"), TestContext.Current.CancellationToken);
                    Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                    Assert.Equal(2, api.Requests.Count);
                }

                [Fact]
                public void An_error_leads_to_its_entry() =>
                    Assert.Equal("{{PackageFeed.RepositoryUrl}}/blob/v{{feed.Version}}/docs/troubleshooting.md#key_mismatch", new DpopException("key_mismatch", "It failed.").HelpLink);
            }
            """);
        Assert.Contains("Total: 2, Errors: 0, Failed: 0", await app.RunAsync(), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^```csharp\r?\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharp();
}
