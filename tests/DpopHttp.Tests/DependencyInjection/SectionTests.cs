using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tests.DependencyInjection;

/// <summary>Configuration says what was meant, or the host doesn't start.</summary>
public class SectionTests
{
    private const string ApiOrigin = "https://api.example.com", Other = "http://localhost:5000";

    [Theory]
    [InlineData("""{ "AllowedOrigins": [ "https://api.example.com", "http://localhost:5000" ] }""", ApiOrigin, Other)]
    [InlineData("""{ "AllowedOrigins": "https://api.example.com" }""", ApiOrigin)]
    [InlineData("""{ "AllowedOrigins": "https://api.example.com,http://localhost:5000" }""", ApiOrigin, Other)]
    [InlineData("""{ "AllowedOrigins": " https://api.example.com ; http://localhost:5000 " }""", ApiOrigin, Other)]
    [InlineData("""{ "AllowedOrigins": "https://api.example.com  http://localhost:5000" }""", ApiOrigin, Other)]
    [InlineData("""{ "allowedorigins": "https://api.example.com", "AllowInsecureHttp": null }""", ApiOrigin)]
    public void Origins_are_a_list_or_one_text(string json, params string[] origins)
    {
        Assert.Equal(origins.Select(origin => new Uri(origin)), Read(json).AllowedOrigins);
    }

    [Fact]
    public async Task Origins_of_one_environment_variable_are_kept_to()
    {
        const string Variable = "DPOPHTTP_SECTIONTESTS_Orders__Dpop__AllowedOrigins";
        Environment.SetEnvironmentVariable(Variable, "https://other.example.com, http://localhost:5000");
        try
        {
            IConfigurationRoot configuration = new ConfigurationBuilder().AddEnvironmentVariables("DPOPHTTP_SECTIONTESTS_").Build();
            ServiceCollection services = new();
            services.AddHttpClient("api").AddDpop(configuration.GetSection("Orders:Dpop"));
            await using ServiceProvider provider = services.BuildServiceProvider();
            using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
            DpopException exception = await Assert.ThrowsAsync<DpopException>(() => client.GetAsync(new Uri(ApiOrigin)));
            Assert.Equal(DpopErrorCodes.OriginNotAllowed, exception.Code);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Fact]
    public void A_lifetime_is_hours_minutes_and_seconds() => Assert.Equal(TimeSpan.FromMinutes(2), Read("""{ "ProofLifetime": "00:02:00" }""").ProofLifetime);

    [Theory]
    [InlineData("""{ "AllowedOrigins": "" }""", "Orders:Dpop:AllowedOrigins is empty, or has an empty entry")]
    [InlineData("""{ "AllowedOrigins": "https://a.example,,https://b.example" }""", "Orders:Dpop:AllowedOrigins is empty, or has an empty entry")]
    [InlineData("""{ "AllowedOrigins": "https://a.example, " }""", "Orders:Dpop:AllowedOrigins is empty, or has an empty entry")]
    [InlineData("""{ "AllowedOrigins": [ "https://a.example", "" ] }""", "Orders:Dpop:AllowedOrigins:1 is empty, or has an empty entry")]
    [InlineData("""{ "AllowedOrigins": [ "https://a.example", null ] }""", "Orders:Dpop:AllowedOrigins:1 is empty, or has an empty entry")]
    [InlineData("""{ "AllowedOrigins": "api.example.com" }""", "Orders:Dpop:AllowedOrigins has 'api.example.com', which isn't an absolute URI. Give scheme, host and port")]
    [InlineData("""{ "AllowedOrigins": "/orders" }""", "Orders:Dpop:AllowedOrigins has '/orders', which isn't an absolute URI")]
    [InlineData("""{ "AllowInsecureHttp": "yes" }""", "Orders:Dpop:AllowInsecureHttp is 'yes'. Use true or false.")]
    [InlineData("""{ "FollowRedirects": "" }""", "Orders:Dpop:FollowRedirects is ''. Use true or false.")]
    [InlineData("""{ "BearerTokens": "Upgarde" }""", "Orders:Dpop:BearerTokens is 'Upgarde'. Use one of Upgrade, Allow, Reject.")]
    [InlineData("""{ "BearerTokens": "7" }""", "Orders:Dpop:BearerTokens is '7'. Use one of Upgrade, Allow, Reject.")]
    [InlineData("""{ "KeyAlgorithm": "HS256" }""", "Orders:Dpop:KeyAlgorithm is 'HS256'. Use one of ES256, ")]
    [InlineData("""{ "ProofLifetime": "120" }""", "Orders:Dpop:ProofLifetime is '120'. Use hours, minutes and seconds, such as 00:02:00.")]
    [InlineData("""{ "ProofLifetime": "2:xx" }""", "Orders:Dpop:ProofLifetime is '2:xx'. Use hours, minutes and seconds")]
    [InlineData("""{ "ProofLifetime": "00:00:00.5" }""", "ProofLifetime is 00:00:00.5000000: give a time from 00:00:01 to 01:00:00")]
    [InlineData("""{ "ProofLifetime": "01:00:01" }""", "ProofLifetime is 01:00:01: give a time from 00:00:01 to 01:00:00")]
    [InlineData("""{ "KeyFile": [ "a", "b" ] }""", "Orders:Dpop:KeyFile has keys or entries of its own. Give one value.")]
    [InlineData("""{ "KeyFlie": "a" }""", "The configuration section 'Orders:Dpop' has the key 'KeyFlie', which isn't an option. Did you mean KeyFile?")]
    [InlineData("""{ "AllowInsecureHtpp": "true" }""", "has the key 'AllowInsecureHtpp', which isn't an option. Did you mean AllowInsecureHttp?")]
    [InlineData("""{ "ClientId": "a" }""", "has the key 'ClientId', which isn't an option. The section may have KeyFile, KeyName, ")]
    [InlineData("""{ "ConfigureProof": "a" }""", "has the key 'ConfigureProof'. DpopOptions.ConfigureProof can only be set in code. Remove the key.")]
    [InlineData("""{ "HtuOverride": "a" }""", "has the key 'HtuOverride'. DpopOptions.HtuOverride can only be set in code. Remove the key.")]
    [InlineData("""{ "Key": { "kty": "EC" } }""", "has the key 'Key'. DpopOptions.Key can only be set in code. Remove the key.")]
    [InlineData("\"KeyFile=a\"", "The configuration section 'Orders:Dpop' is a value. It must have keys: KeyFile, ")]
    [InlineData("{}", "The configuration section 'Orders:Dpop' doesn't exist, or is empty.")]
    [InlineData(null, "The configuration section 'Orders:Dpop' doesn't exist, or is empty.")]
    public async Task A_mistake_stops_the_host_and_names_section_key_value_and_remedy(string? json, string text)
    {
        using IHost host = Build(s => s.AddHttpClient("api").AddDpop(Section(json)));
        OptionsValidationException exception = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains(text, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_mistakes_of_all_sections_are_told_at_once()
    {
        using IHost host = Build(s =>
        {
            s.AddHttpClient("api").AddDpop(Section("""{ "KeyFlie": "a", "BearerTokens": "Upgarde", "HtuOverride": "b", "AllowedOrigins": [ "c", "d" ] }"""));
            s.AddDpopKey("shared", Section("""{ "KeyFile": "a", "Algorithm": "none", "Protection": "b" }"""));
        });
        AggregateException exception = await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync());
        OptionsValidationException[] all = [.. exception.InnerExceptions.Cast<OptionsValidationException>()];
        Assert.Equal([5, 3], all.Select(e => e.Failures.Count()).OrderDescending());
        Assert.Contains("Orders:Dpop:Algorithm is 'none'", exception.ToString(), StringComparison.Ordinal);
        Assert.Contains("DpopKeyOptions.Protection can only be set in code", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_in_the_section_of_the_defaults_stop_the_host_though_no_client_is_named()
    {
        using IHost host = Build(s => s.ConfigureHttpClientDefaults(b => b.AddDpop(Section("""{ "KeyFlie": "a" }"""))));
        OptionsValidationException exception = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("'KeyFlie'", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Origins_that_are_given_as_a_list_and_as_one_text_are_a_fault()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Dpop:AllowedOrigins:0"] = ApiOrigin, ["Dpop:AllowedOrigins"] = Other })
            .Build();
        SectionException exception = Assert.Throws<SectionException>(() => DpopOptionsSection.Apply(configuration.GetSection("Dpop"), new DpopOptions()));
        Assert.Contains("Dpop:AllowedOrigins is given twice", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_of_an_origin_shows_no_secret_of_it()
    {
        DpopOptions options = Read("""{ "AllowedOrigins": "https://user:hunter2@api.example.com/?token=hunter2" }""");
        Assert.DoesNotContain("hunter2", Assert.Single(DpopOptionsRules.FindFaults(options)), StringComparison.Ordinal);
    }

    private static DpopOptions Read(string json)
    {
        DpopOptions options = new();
        DpopOptionsSection.Apply(Section(json), options);
        return options;
    }

    private static IConfigurationSection Section(string? json)
    {
        ConfigurationBuilder builder = new();
        if (json is not null)
        {
            builder.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "Orders": { "Dpop": {{json}} } }""")));
        }

        return builder.Build().GetSection("Orders:Dpop");
    }

    private static IHost Build(Action<IServiceCollection> configure)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        configure(builder.Services);
        return builder.Build();
    }
}
