using System.Net;
using System.Text;
using DpopHttp.OpenIdConnect.Endpoint;

namespace DpopHttp.OpenIdConnect.Tests.Endpoint;

/// <summary>A member that isn't text, such as one with half a surrogate pair, spoils no other.</summary>
public sealed class RenewalAnswerReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"error":"invalid_grant","error_description":"half \ud800 a pair"}""")]
    [InlineData("""{"error":"invalid_grant","\ud800":"a name that is none"}""")]
    public void A_refusal_is_read(string body) => Assert.Equal("invalid_grant", Read(HttpStatusCode.BadRequest, body).Error);

    [Theory]
    [InlineData("""{"access_token":"a","token_type":"DPoP","refresh_token":"r","expires_in":60,"id_token":"\ud800"}""", 60)]
    [InlineData("""{"access_token":"a","token_type":"DPoP","refresh_token":"r","expires_in":60,"\udfff":"\udfff"}""", 60)]
    [InlineData("""{"access_token":"a","token_type":"DPoP","refresh_token":"r","expires_in":"\ud800"}""", 300)]
    public void Tokens_are_read(string body, int seconds)
    {
        RenewalAnswer answer = Read(HttpStatusCode.OK, body);

        Assert.Equal(("a", "r", null, Now.AddSeconds(seconds)), (answer.AccessToken, answer.RefreshToken, answer.IdToken, answer.ExpiresAt));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_access_token() =>
        Assert.Contains("no access_token", Read(HttpStatusCode.OK, """{"access_token":"\ud800","token_type":"DPoP"}""").Fault);

    private static RenewalAnswer Read(HttpStatusCode status, string body)
    {
        using DpopKey key = DpopKey.Generate();
        using HttpResponseMessage response = new(status);
        return RenewalAnswerReader.Read("oidc", response, Encoding.UTF8.GetBytes(body), key, Now, Now);
    }
}
