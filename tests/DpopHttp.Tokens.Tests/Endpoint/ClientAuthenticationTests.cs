using System.Text;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>How a client shows the authorization server who it is, and what it asks for.</summary>
public class ClientAuthenticationTests
{
    private const string Secret = "a+b/c%41: =&é";

    [Fact]
    public async Task A_secret_goes_into_the_Authorization_header_form_encoded()
    {
        await using TokenBench bench = await TokenBench.StartAsync(options => options.ClientSecret = Secret);
        TokenRequest request = await AskAsync(bench);
        string[] credentials = Encoding.UTF8.GetString(Convert.FromBase64String(request.Authorization!["Basic ".Length..])).Split(':');
        Assert.Equal(["orders-worker", Secret], credentials.Select(System.Net.WebUtility.UrlDecode));
        Assert.Equal(["grant_type"], request.Form.Keys);
    }

    [Fact]
    public async Task A_secret_goes_into_the_body_where_the_options_say_so()
    {
        await using TokenBench bench = await TokenBench.StartAsync(options => (options.ClientSecret, options.ClientSecretLocation) = (Secret, DpopClientSecretLocation.Body));
        TokenRequest request = await AskAsync(bench);
        Assert.Equal((null, "orders-worker", Secret), (request.Authorization, request.Form["client_id"], request.Form["client_secret"]));
    }

    [Fact]
    public async Task A_client_with_a_certificate_gives_its_identifier_only()
    {
        await using TokenBench bench = await TokenBench.StartAsync(options => (options.ClientSecret, options.UsesClientCertificate) = (null, true));
        TokenRequest request = await AskAsync(bench);
        Assert.Null(request.Authorization);
        Assert.Equal(["client_id", "grant_type"], request.Form.Keys.Order());
    }

    [Fact]
    public async Task Scope_resources_and_further_parameters_are_asked_for()
    {
        await using TokenBench bench = await TokenBench.StartAsync(options =>
        {
            options.Scope = "read write";
            options.Resources.Add("https://a.example");
            options.Resources.Add("https://b.example");
            options.Parameters["audience"] = "orders & more";
        });
        IReadOnlyDictionary<string, string> form = (await AskAsync(bench)).Form;
        Assert.Equal(("client_credentials", "read write", "https://a.example https://b.example", "orders & more"), (form["grant_type"], form["scope"], form["resource"], form["audience"]));
    }

    [Theory]
    [InlineData("ES256", true)]
    [InlineData("PS256", true)]
    [InlineData("ES384", false)]
    public async Task Each_attempt_on_the_wire_has_an_assertion_of_its_own(string algorithm, bool async)
    {
        using DpopKey assertionKey = DpopKey.Generate(algorithm);
        PacedTime time = new();
        await using TokenBench bench = await TokenBench.StartAsync(
            options => (options.ClientSecret, options.ClientAssertionJwk) = (null, assertionKey.ExportPrivateJwk()), time);

        // One attempt fails, the next has no nonce, its replay has.
        List<JsonWebToken> assertions = [];
        bench.Tokens.Nonce = "nonce-1";
        bench.Tokens.Instead = async context =>
        {
            assertions.Add(new JsonWebToken((await context.Request.ReadFormAsync())["client_assertion"].Single()));
            context.Response.StatusCode = assertions.Count == 1 ? 503 : 200;
            return assertions.Count == 1;
        };
        (await time.PassAsync(Task.Run(() => bench.GetAsync(async), CancellationToken.None))).Dispose();
        Assert.Equal(3, assertions.Count);
        Assert.Equal(3, assertions.Select(assertion => assertion.Id).Distinct().Count());
        Assert.All(assertions, assertion =>
        {
            Assert.Equal(("orders-worker", "orders-worker", algorithm), (assertion.Issuer, assertion.Subject, assertion.Alg));
            Assert.Equal([bench.Tokens.TokenEndpoint.AbsoluteUri], assertion.Audiences);
            Assert.Equal(TimeSpan.FromMinutes(5), assertion.ValidTo - assertion.IssuedAt);
        });
        TokenRequest request = bench.Tokens.Requests.Single();
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", request.Form["client_assertion_type"]);
        Assert.Null(request.Authorization);
    }

    private static async Task<TokenRequest> AskAsync(TokenBench bench)
    {
        (await bench.GetAsync()).Dispose();
        return bench.Tokens.Requests.Single();
    }
}
