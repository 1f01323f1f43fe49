using DpopHttp.Tests.Handmade;
using static DpopHttp.Verification.Tests.ProofBench;

namespace DpopHttp.Verification.Tests;

/// <summary>How htu is compared: RFC 9449 section 4.3 item 9, RFC 3986 sections 6.2.2 and 6.2.3.</summary>
public sealed class VerifierUriTests : IDisposable
{
    private readonly ProofBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("https://a.example/x?q=1#f", "https://a.example/x")]
    [InlineData("https://a.example/x", "https://a.example/x?q=1#f")]
    [InlineData("https://a.example/x", "HTTPS://A.Example/x")]
    [InlineData("https://a.example/x", "https://a.example:443/x")]
    [InlineData("https://a.example/x", "https://a.example:/x")]
    [InlineData("http://a.example/x", "http://a.example:80/x")]
    [InlineData("http://a.example:8080/x", "http://a.example:8080/x")]
    [InlineData("https://a.example:80/x", "https://a.example:80/x")]
    [InlineData("https://a.example", "https://a.example/")]
    [InlineData("https://a.example/", "https://a.example")]
    [InlineData("https://a.example/", "https://a.example?q")]
    [InlineData("https://a.example/", "https://a.example#f")]
    [InlineData("https://a.example/a%2fb", "https://a.example/a%2Fb")]
    [InlineData("https://a.example/~t", "https://a.example/%7Et")]
    [InlineData("https://a.example/t%65st", "https://a.example/test")]
    [InlineData("https://a.example/%C3%A9", "https://a.example/%c3%a9")]
    [InlineData("https://a.example/é", "https://a.example/%C3%A9")]
    [InlineData("https://a.example/a/c", "https://a.example/a/./b/../c")]
    [InlineData("https://a.example/a/", "https://a.example/a/b/..")]
    [InlineData("https://a.example/a", "https://a.example/../a")]
    [InlineData("https://a.example/a/", "https://a.example/a/%2e")]
    [InlineData("https://a.example//a//", "https://a.example//a//")]
    [InlineData("https://[::1]:8443/x", "https://[::1]:8443/x")]
    [InlineData("https://[::1]/x", "https://[::1]:443/x")]
    [InlineData("https://bücher.example/x", "https://xn--bcher-kva.example/x")]
    [InlineData("https://a.example/x(1);v='2'[3]", "https://a.example/x(1);v='2'[3]")]
    public void Verify_HtuOfTheSameResource_Passes(string request, string claimed) => AssertValid(Verify(request, claimed));

    [Theory]
    [InlineData("https://a.example/x", "http://a.example/x")]
    [InlineData("https://a.example/x", "https://b.example/x")]
    [InlineData("https://a.example/x", "https://a.example:444/x")]
    [InlineData("https://a.example/x", "https://a.example:80/x")]
    [InlineData("https://a.example/x", "https://a.example/X")]
    [InlineData("https://a.example/x", "https://a.example/x/")]
    [InlineData("https://a.example/x", "https://a.example")]
    [InlineData("https://a.example/x//y", "https://a.example/x/y")]
    [InlineData("https://a.example/a%2Fb", "https://a.example/a/b")]
    [InlineData("https://a.example/a%252Fb", "https://a.example/a%2Fb")]
    [InlineData("https://a.example/a%20b", "https://a.example/a+b")]
    [InlineData("https://a.example/x", "https://a.example./x")]
    public void Verify_HtuOfAnotherResource_FailsUri(string request, string claimed) =>
        AssertFails(DpopProofCheck.Uri, Verify(request, claimed), $"'{claimed}'; the request is for '{request}'");

    [Theory]
    [InlineData("")]
    [InlineData("/x")]
    [InlineData("x")]
    [InlineData("//a.example/x")]
    [InlineData("a.example/x")]
    [InlineData("://a.example/x")]
    [InlineData("1https://a.example/x")]
    [InlineData("ht tps://a.example/x")]
    [InlineData("ht%74ps://a.example/x")]
    [InlineData("https:/a.example/x")]
    [InlineData("https:///x")]
    [InlineData("https://")]
    [InlineData("https://:443/x")]
    [InlineData("https://u@a.example/x")]
    [InlineData("https://u:p@a.example/x")]
    [InlineData("https://a.example:99999/x")]
    [InlineData("https://a.example:+443/x")]
    [InlineData("https://a.example:443:443/x")]
    [InlineData("https://a.example:https/x")]
    [InlineData("https://[a.example/x")]
    [InlineData("https://[::1]443/x")]
    [InlineData("https://a.example/%")]
    [InlineData("https://a.example/%7")]
    [InlineData("https://a.example/%zz")]
    [InlineData("https://a.example/% 7")]
    [InlineData("https://%zz/x")]
    [InlineData("https://a.example/x y")]
    [InlineData("https://a.example\\x")]
    [InlineData("https://a.example/é")]
    [InlineData("https://a.example/x\n")]
    [InlineData(" https://a.example/x")]
    public void Verify_HtuThatIsNoAbsoluteUri_FailsUri(string claimed) =>
        AssertFails(DpopProofCheck.Uri, Verify("https://a.example/x", claimed), "an absolute URI");

    [Fact]
    public void Verify_VeryLongHtu_IsCutInTheDescription()
    {
        DpopProofResult result = Verify("https://a.example/x", "https://a.example/" + new string('y', 1_000));

        Assert.InRange(result.Description!.Length, 200, 300);
    }

    private DpopProofResult Verify(string request, string claimed)
    {
        HandmadeProof proof = _bench.Proof();
        proof.Claims["htu"] = claimed;
        return _bench.Verify(proof, request);
    }
}
