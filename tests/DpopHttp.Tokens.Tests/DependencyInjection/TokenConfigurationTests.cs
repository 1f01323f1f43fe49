using System.Net;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.Tests.DependencyInjection;

/// <summary>Token options from configuration, and with the services of the container.</summary>
public class TokenConfigurationTests
{
    [Theory]
    [InlineData("Secret", "Did you mean 'ClientSecret'?")]
    [InlineData("Scopes", "Did you mean 'Scope'?")]
    [InlineData("Resource", "Did you mean 'Resources'?")]
    [InlineData("ClientID2", "Did you mean 'ClientId'?")]
    [InlineData("Autority", "Did you mean 'Authority'?")]
    [InlineData("Store", "can only be set in code")]
    public void An_unknown_key_is_an_error_that_names_the_section_and_the_nearest_one(string key, string hint)
    {
        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => Read<DpopClientCredentialsOptions>((key, "the-value")));
        string fault = Assert.Single(exception.Failures);
        Assert.All([$"'{key}'", "'Orders:Tokens'", hint], text => Assert.Contains(text, fault, StringComparison.Ordinal));
        Assert.DoesNotContain("the-value", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_listed()
    {
        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => Read<DpopClientCredentialsOptions>(
            ("One", "1"), ("Two", "2"), ("UsesClientCertificate", "perhaps"), ("ClientSecretLocation", "Somewhere"), ("Resources:0", ""), ("Parameters:a:b", "c")));
        Assert.Equal(6, exception.Failures.Count());
    }

    [Fact]
    public void A_section_that_is_not_there_is_an_error()
    {
        ServiceCollection services = new();
        services.AddHttpClient("api").AddDpopClientCredentials(new ConfigurationBuilder().Build().GetSection("Misspelt"));
        using ServiceProvider provider = services.BuildServiceProvider();
        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(
            () => provider.GetRequiredService<IOptionsMonitor<DpopClientCredentialsOptions>>().Get("api"));
        Assert.Contains("The configuration section 'Misspelt' does not exist", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_that_configuration_can_hold_is_read()
    {
        DpopClientCredentialsOptions options = Read<DpopClientCredentialsOptions>(
            ("clientSecretLocation", "body"), ("Scope", "read write"), ("Resources:0", "https://a.example"), ("Resources:1", "https://b.example"),
            ("Parameters:audience", "orders"));
        Assert.Equal((new Uri("https://login.example.com"), "orders", "the-secret"), (options.Authority, options.ClientId, options.ClientSecret));
        Assert.Equal((DpopClientSecretLocation.Body, "read write"), (options.ClientSecretLocation, options.Scope));
        Assert.Equal(["https://a.example", "https://b.example"], options.Resources);
        Assert.Equal(("audience", "orders"), options.Parameters.Select(p => (p.Key, p.Value)).Single());
    }

    [Theory]
    [InlineData("https://a.example,https://b.example")]
    [InlineData("https://a.example https://b.example")]
    [InlineData(" https://a.example , https://b.example ")]
    public void A_list_in_one_text_is_a_list(string text) =>
        Assert.Equal(["https://a.example", "https://b.example"], Read<DpopClientCredentialsOptions>(("Resources", text)).Resources);

    [Fact]
    public void A_refresh_token_client_has_its_store_from_a_second_call()
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory();
        ServiceCollection services = new();
        services.AddHttpClient("api").AddDpopRefreshToken(Section(("ClientSecret", null))).AddDpopRefreshToken(options => options.Store = store);
        using ServiceProvider provider = services.BuildServiceProvider();
        DpopRefreshTokenOptions options = provider.GetRequiredService<IOptionsMonitor<DpopRefreshTokenOptions>>().Get("api");
        Assert.Equal(("orders", store), (options.ClientId, options.Store));
        provider.GetRequiredService<IHttpClientFactory>().CreateClient("api").Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Options_can_come_from_the_containers_services(bool refresh)
    {
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, server) =>
        {
            client.Services.AddKeyedSingleton("secret", "from-the-vault").AddSingleton(DpopRefreshTokenStore.InMemory(new DpopRefreshToken("refresh-1")));
            void Set(DpopTokenOptions options, IServiceProvider services) => (options.TokenEndpoint, options.ClientId, options.ClientSecret)
                = (server.TokenEndpoint, "a", services.GetRequiredKeyedService<string>("secret"));
            _ = refresh
                ? client.AddDpopRefreshToken((options, services) =>
                {
                    Set(options, services);
                    options.Store = services.GetRequiredService<DpopRefreshTokenStore>();
                })
                : client.AddDpopClientCredentials(Set);
        });
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.EndsWith(Convert.ToBase64String("a:from-the-vault"u8), bench.Tokens.Requests.Single().Authorization, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_faulty_change_is_logged_and_the_client_goes_on()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, server) =>
        {
            (configuration["Tokens:TokenEndpoint"], configuration["Tokens:ClientId"], configuration["Tokens:ClientSecret"]) = (server.TokenEndpoint.AbsoluteUri, "a", "secret");
            client.AddDpopClientCredentials(configuration.GetSection("Tokens"));
        });
        (await bench.GetAsync()).Dispose();
        configuration["Tokens:ClientId"] = "";
        configuration["Tokens:Sceret"] = "x";
        configuration.Reload();
        bench.Tokens.Revoke("token-1");
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, bench.Tokens.Requests.Length));
        FakeLogRecord record = Assert.Single(bench.Services.GetFakeLogCollector().GetSnapshot(), record => record.Id.Name == "OptionsRefused");
        Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Error, record.Level);
        Assert.Contains("ClientId is missing", record.Exception!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_gets_other_tokens_makes_the_old_one_useless_and_any_other_does_not()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, server) =>
        {
            (configuration["Tokens:TokenEndpoint"], configuration["Tokens:ClientId"], configuration["Tokens:ClientSecret"]) = (server.TokenEndpoint.AbsoluteUri, "a", "secret");
            client.AddDpopClientCredentials(configuration.GetSection("Tokens"));
        });
        (await bench.GetAsync()).Dispose();
        configuration["Tokens:ClientSecret"] = "new";
        configuration.Reload();
        (await bench.GetAsync()).Dispose();
        Assert.Single(bench.Tokens.Requests);

        configuration["Tokens:Scope"] = "orders";
        configuration.Reload();
        (await bench.GetAsync()).Dispose();
        Assert.Equal("orders", bench.Tokens.Requests[1].Form["scope"]);
    }

    private static TOptions Read<TOptions>(params (string Key, string? Value)[] values)
        where TOptions : DpopTokenOptions
    {
        ServiceCollection services = new();
        services.AddHttpClient("api").AddDpopClientCredentials(Section(values));
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get("api");
    }

    private static IConfigurationSection Section(params (string Key, string? Value)[] values)
    {
        Dictionary<string, string?> all = new(StringComparer.OrdinalIgnoreCase) { ["Authority"] = "https://login.example.com", ["ClientId"] = "orders", ["ClientSecret"] = "the-secret" };
        foreach ((string key, string? value) in values)
        {
            all[key] = value;
        }

        return new ConfigurationBuilder()
            .AddInMemoryCollection(all.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create($"Orders:Tokens:{pair.Key}", pair.Value)))
            .Build().GetSection("Orders:Tokens");
    }
}
