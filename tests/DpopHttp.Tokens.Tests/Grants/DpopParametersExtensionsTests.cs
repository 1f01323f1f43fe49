using System.Net;
using System.Text;
using Duende.IdentityModel.Client;

namespace DpopHttp.Tokens.Tests.Grants;

public sealed class DpopParametersExtensionsTests : IDisposable
{
    private readonly DpopKey _key = DpopKey.Generate();

    public void Dispose() => _key.Dispose();

    [Fact]
    public void AddDpopJkt_adds_the_thumbprint_and_returns_the_same_parameters()
    {
        Parameters parameters = new() { { "resource", "https://api.example.com" } };
        Assert.Same(parameters, parameters.AddDpopJkt(_key));
        Assert.Equal(
            [new("resource", "https://api.example.com"), new("dpop_jkt", _key.Thumbprint)],
            parameters);
    }

    [Fact]
    public void AddDpopJkt_twice_leaves_one()
    {
        Parameters parameters = new Parameters().AddDpopJkt(_key).AddDpopJkt(_key);
        Assert.Equal([_key.Thumbprint], parameters.GetValues("dpop_jkt"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AddDpopJkt_replaces_what_is_there_however_often(int times)
    {
        using DpopKey former = DpopKey.Generate();
        Parameters parameters = [.. Enumerable.Repeat(new KeyValuePair<string, string>("dpop_jkt", former.Thumbprint), times)];
        parameters.AddDpopJkt(_key);
        Assert.Equal([new("dpop_jkt", _key.Thumbprint)], parameters);
    }

    [Fact]
    public void AddDpopJkt_without_an_argument_throws()
    {
        Assert.Equal("parameters", Assert.Throws<ArgumentNullException>(() => default(Parameters)!.AddDpopJkt(_key)).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentNullException>(() => new Parameters().AddDpopJkt(null!)).ParamName);
    }

    [Fact]
    public void The_URL_of_an_authorization_request_has_it()
    {
        string url = new RequestUrl("https://login.example.com/authorize").CreateAuthorizeUrl("orders-cli", "code", extra: new Parameters().AddDpopJkt(_key));
        Assert.EndsWith($"&dpop_jkt={_key.Thumbprint}", url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pushed_authorization_request_has_it()
    {
        string? form = null;
        using HttpClient http = new(new Answer(async request => form = await request.Content!.ReadAsStringAsync()));
        using PushedAuthorizationRequest request = new() { Address = "https://login.example.com/par", ClientId = "orders-cli", ResponseType = "code" };
        request.Parameters.AddDpopJkt(_key);
        PushedAuthorizationResponse response = await http.PushAuthorizationAsync(request);
        Assert.Equal("urn:1", response.RequestUri);
        Assert.Contains($"dpop_jkt={_key.Thumbprint}", form!.Split('&'));
    }

    private sealed class Answer(Func<HttpRequestMessage, Task> note) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await note(request);
            return new HttpResponseMessage(HttpStatusCode.Created)
            {
                Content = new StringContent("""{"request_uri":"urn:1","expires_in":60}""", Encoding.UTF8, "application/json"),
            };
        }
    }
}
