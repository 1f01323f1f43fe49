using DpopHttp.Testing;
using DpopHttp.Tests.Support;

namespace DpopHttp.Tests.Keys;

/// <summary><see cref="DpopProof.CreateAsync"/> with keys in the process and behind a signer.</summary>
public class CreateAsyncTests
{
    public static MatrixTheoryData<string, bool> AlgorithmsAndPlaces => new(KeyMaterial.Algorithms.Select(row => row.Data), [true, false]);

    [Theory]
    [MemberData(nameof(AlgorithmsAndPlaces))]
    public async Task CreateAsync_EachAlgorithm_MakesAGoodProof(string algorithm, bool inProcess)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        using DpopKey key = Key(material, inProcess);
        string proof = await DpopProof.CreateAsync(key, HttpMethod.Get, VerifiedProof.Uri, VerifiedProof.AccessToken, "nonce-1");
        VerifiedProof.AssertSignedBy(material, proof);
        Assert.Equal("nonce-1", DecodedProof.Nonce(proof));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CreateAsync_WithoutTokenAndNonce_MakesNeitherClaim(bool inProcess)
    {
        using KeyMaterial material = KeyMaterial.Create();
        using DpopKey key = Key(material, inProcess);
        string proof = await DpopProof.CreateAsync(key, HttpMethod.Post, new Uri("https://server.example.com/token?a=b#c"));
        DpopProofResult result = new DpopProofVerifier().Verify(new DpopProofContext("POST", new Uri("https://server.example.com/token"), [proof]));
        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(["htm", "htu", "iat", "jti"], result.Claims.Keys.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CreateAsync_TwiceForOneRequest_MakesTwoProofs(bool inProcess)
    {
        using KeyMaterial material = KeyMaterial.Create();
        using DpopKey key = Key(material, inProcess);
        string first = await DpopProof.CreateAsync(key, HttpMethod.Get, VerifiedProof.Uri);
        string second = await DpopProof.CreateAsync(key, HttpMethod.Get, VerifiedProof.Uri);
        Assert.NotEqual(DecodedProof.Jti(first), DecodedProof.Jti(second));
    }

    [Fact]
    public void CreateAsync_AKeyInTheProcess_IsDoneAtOnce()
    {
        using DpopKey key = DpopKey.Generate();
        Assert.True(DpopProof.CreateAsync(key, HttpMethod.Get, VerifiedProof.Uri).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task CreateAsync_ManyAtOnceOnOneThread_DoNotShareABuffer()
    {
        using KeyMaterial material = KeyMaterial.Create();
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using DpopKey key = DpopKey.FromSigner(new TestSigner(material)
        {
            OnSignAsync = async (data, _) =>
            {
                await all.Task;
                return material.Sign(data);
            },
        });
        Task<string>[] making = [.. Enumerable.Range(0, 16).Select(_ =>
            DpopProof.CreateAsync(key, HttpMethod.Get, VerifiedProof.Uri, VerifiedProof.AccessToken).AsTask())];
        all.SetResult();
        DpopProofVerifier verifier = new();
        Assert.All(await Task.WhenAll(making), proof => VerifiedProof.AssertSignedBy(material, proof, verifier));
    }

    [Fact]
    public async Task CreateAsync_Cancelled_CancelsTheSigner()
    {
        using KeyMaterial material = KeyMaterial.Create();
        using DpopKey key = DpopKey.FromSigner(new TestSigner(material)
        {
            OnSignAsync = async (data, cancellationToken) =>
            {
                Assert.True(cancellationToken.CanBeCanceled);
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return data;
            },
        });
        using CancellationTokenSource source = new();
        Task<string> making = DpopProof.CreateAsync(key, HttpMethod.Get, VerifiedProof.Uri, cancellationToken: source.Token).AsTask();
        await source.CancelAsync();
        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => making);
        Assert.Equal(source.Token, exception.CancellationToken);
    }

    [Fact]
    public async Task CreateAsync_ASignerThatIsAsynchronousOnly_WorksWhereCreateDoesNot()
    {
        using KeyMaterial material = KeyMaterial.Create();
        using DpopKey key = DpopKey.FromSigner(new TestSigner(material) { IsAsynchronousOnly = true });
        DpopException exception = Assert.Throws<DpopException>(() => DpopProof.Create(key, HttpMethod.Get, VerifiedProof.Uri));
        Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
        VerifiedProof.AssertSignedBy(material, await DpopProof.CreateAsync(key, HttpMethod.Get, VerifiedProof.Uri, VerifiedProof.AccessToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CreateAsync_AfterDispose_ThrowsKeyUnavailable(bool inProcess)
    {
        using KeyMaterial material = KeyMaterial.Create();
        DpopKey key = Key(material, inProcess);
        key.Dispose();
        DpopException exception = await Assert.ThrowsAsync<DpopException>(async () => await DpopProof.CreateAsync(key, HttpMethod.Get, VerifiedProof.Uri));
        Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
        Assert.IsType<ObjectDisposedException>(exception.InnerException);
    }

    [Theory]
    [InlineData("/relative", null, null, "uri", "is relative or not http(s)")]
    [InlineData("ftp://example.com/", null, null, "uri", "is relative or not http(s)")]
    [InlineData("https://example.com/", "", null, "accessToken", "is empty or has characters other than visible ASCII")]
    [InlineData("https://example.com/", "a b", null, "accessToken", "is empty or has characters other than visible ASCII")]
    [InlineData("https://example.com/", null, "a\"b", "nonce", "without quotation mark and backslash")]
    public async Task CreateAsync_ABadArgument_ThrowsBeforeTheSignerIsAsked(string uri, string? token, string? nonce, string parameter, string words)
    {
        using KeyMaterial material = KeyMaterial.Create();
        TestSigner signer = new(material);
        using DpopKey behindSigner = DpopKey.FromSigner(signer);
        using DpopKey inProcess = Key(material, inProcess: true);
        foreach (DpopKey key in (DpopKey[])[behindSigner, inProcess])
        {
            ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(parameter, async () =>
                await DpopProof.CreateAsync(key, HttpMethod.Get, new Uri(uri, UriKind.RelativeOrAbsolute), token, nonce));
            Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, signer.Calls);
    }

    [Fact]
    public async Task CreateAsync_NoKey_Throws() =>
        await Assert.ThrowsAsync<ArgumentNullException>("key", async () => await DpopProof.CreateAsync(null!, HttpMethod.Get, VerifiedProof.Uri));

    private static DpopKey Key(KeyMaterial material, bool inProcess) =>
        inProcess ? DpopKey.FromPem(material.Pkcs8Pem, material.NeededAlgorithm) : DpopKey.FromSigner(new TestSigner(material));
}
