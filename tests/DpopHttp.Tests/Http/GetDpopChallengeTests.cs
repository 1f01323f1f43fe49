namespace DpopHttp.Tests.Http;

public class GetDpopChallengeTests
{
    [Fact]
    public void GetDpopChallenge_AFullChallenge_GivesEachPart()
    {
        using HttpResponseMessage response = With("""DPoP realm="x", error="invalid_token", error_description="Say \"no\", or \\", algs="ES256  PS256", scope="read write" """);
        DpopChallenge challenge = response.GetDpopChallenge()!;
        Assert.Equal("invalid_token", challenge.Error);
        Assert.Equal("Say \"no\", or \\", challenge.ErrorDescription);
        Assert.Equal(["ES256", "PS256"], challenge.Algorithms);
        Assert.Equal("read write", challenge.Scope);
    }

    [Fact]
    public void GetDpopChallenge_NoneOfTheScheme_GivesNull()
    {
        using HttpResponseMessage none = new();
        using HttpResponseMessage bearer = With("Bearer error=\"invalid_token\"");
        Assert.Null(none.GetDpopChallenge());
        Assert.Null(bearer.GetDpopChallenge());
    }

    [Fact]
    public void GetDpopChallenge_Several_GivesTheFirstWithAnError()
    {
        using HttpResponseMessage response = With("DPoP algs=\"ES256\"", "Bearer", "DPoP error=\"use_dpop_nonce\"", "DPoP error=\"invalid_token\"");
        Assert.Equal("use_dpop_nonce", response.GetDpopChallenge()!.Error);
    }

    [Fact]
    public void GetDpopChallenge_Bare_GivesAnEmptyOne()
    {
        using HttpResponseMessage response = With("DPoP");
        DpopChallenge challenge = response.GetDpopChallenge()!;
        Assert.Null(challenge.Error);
        Assert.Empty(challenge.Algorithms);
    }

    [Fact]
    public void GetDpopChallenge_AnyText_NeverThrows()
    {
        Random random = new(9449);
        const string Alphabet = "DPoP error=\"use_dpop_nonce\",\\ \t=;a1\u00e9";
        for (int i = 0; i < 20_000; i++)
        {
            string text = "DPoP " + new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            using HttpResponseMessage response = With(text);
            _ = response.GetDpopChallenge();
        }
    }

    private static HttpResponseMessage With(params string[] lines)
    {
        HttpResponseMessage response = new();
        foreach (string line in lines)
        {
            response.Headers.TryAddWithoutValidation("WWW-Authenticate", line);
        }

        return response;
    }
}
