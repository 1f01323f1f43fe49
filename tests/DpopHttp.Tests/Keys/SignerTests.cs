using System.Net;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;

namespace DpopHttp.Tests.Keys;

/// <summary>Keys behind a <see cref="DpopSigner"/>, in the handler.</summary>
public class SignerTests
{
    private const string Authorization = $"DPoP {VerifiedProof.AccessToken}";
    private const int Many = 16;

    // Ends a test that would wait for ever; one that passes never comes near it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static MatrixTheoryData<string, bool> AlgorithmsAndSends => new(KeyMaterial.Algorithms.Select(row => row.Data), [true, false]);

    [Theory]
    [MemberData(nameof(AlgorithmsAndSends))]
    public async Task Each_algorithm_signs_requests(string algorithm, bool async)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        using DpopKey key = DpopKey.FromSigner(new TestSigner(material));
        Assert.Equal((algorithm, material.Thumbprint), (key.Algorithm, key.Thumbprint));
        StubHandler wire = new();
        using HttpMessageInvoker client = key.Invoker(wire);
        using HttpResponseMessage response = await client.GetAsync(VerifiedProof.Uri, async, Authorization);
        VerifiedProof.AssertSignedBy(material, Assert.Single(wire.Proofs));
    }

    [Fact]
    public async Task SendAsync_WhileTheSignerTakesItsTime_WaitsWithoutAThread()
    {
        using KeyMaterial material = KeyMaterial.Create();
        TaskCompletionSource<byte[]> data = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<byte[]> signature = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using DpopKey key = DpopKey.FromSigner(new TestSigner(material)
        {
            IsAsynchronousOnly = true,
            OnSignAsync = (signed, _) =>
            {
                data.SetResult(signed);
                return new ValueTask<byte[]>(signature.Task);
            },
        });
        StubHandler wire = new();
        using HttpMessageInvoker client = key.Invoker(wire);

        // The call comes back although nobody has signed.
        Task<HttpResponseMessage> sending = client.GetAsync(VerifiedProof.Uri, async: true, Authorization);
        byte[] toSign = await ReachedAsync(data.Task, sending);
        Assert.False(sending.IsCompleted);
        Assert.Empty(wire.Proofs);

        signature.SetResult(material.Sign(toSign));
        using HttpResponseMessage response = await sending;
        VerifiedProof.AssertSignedBy(material, Assert.Single(wire.Proofs));
    }

    [Fact]
    public async Task Send_ASignerThatIsAsynchronousOnly_FailsBeforeAnythingIsSent()
    {
        using KeyMaterial material = KeyMaterial.Create();
        using DpopKey key = DpopKey.FromSigner(new TestSigner(material) { IsAsynchronousOnly = true });
        StubHandler wire = new();
        using HttpMessageInvoker client = key.Invoker(wire);

        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => client.GetAsync(VerifiedProof.Uri, async: false, Authorization));
        Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
        Assert.Contains("has no synchronous Sign", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Use SendAsync or DpopProof.CreateAsync", exception.Message, StringComparison.Ordinal);
        Assert.IsType<NotSupportedException>(exception.InnerException);
        Assert.Empty(wire.Proofs);

        using HttpResponseMessage response = await client.GetAsync(VerifiedProof.Uri, async: true, Authorization);
        VerifiedProof.AssertSignedBy(material, Assert.Single(wire.Proofs));
    }

    [Fact]
    public async Task SendAsync_CancelledWhileTheSignerWorks_CancelsTheSignerAndSendsNothing()
    {
        using KeyMaterial material = KeyMaterial.Create();
        TaskCompletionSource<CancellationToken> token = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using DpopKey key = DpopKey.FromSigner(new TestSigner(material)
        {
            IsAsynchronousOnly = true,
            OnSignAsync = async (data, cancellationToken) =>
            {
                token.SetResult(cancellationToken);
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return material.Sign(data);
            },
        });
        StubHandler wire = new();
        using HttpMessageInvoker client = key.Invoker(wire);
        using CancellationTokenSource source = new();
        using HttpRequestMessage request = new(HttpMethod.Get, VerifiedProof.Uri);

        Task<HttpResponseMessage> sending = client.SendAsync(request, source.Token);
        CancellationToken seen = await ReachedAsync(token.Task, sending);
        Assert.True(seen.CanBeCanceled);
        Assert.False(seen.IsCancellationRequested);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.True(seen.IsCancellationRequested);
        Assert.Empty(wire.Proofs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_nonce_challenge_is_answered_with_a_second_signature(bool async)
    {
        using KeyMaterial material = KeyMaterial.Create();
        TestSigner signer = new(material);
        using DpopKey key = DpopKey.FromSigner(signer);
        ProtectedResourceHandler api = new() { Nonces = NonceMode.Steady };
        using HttpMessageInvoker client = key.Invoker(api);

        using HttpResponseMessage response = await client.GetAsync(VerifiedProof.Uri, async, Authorization);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string?[] proofs = [.. api.Requests.Select(r => r.Proof)];
        Assert.Equal(2, proofs.Length);
        Assert.Equal(2, signer.Calls);
        Assert.NotEqual(DecodedProof.Jti(proofs[0]), DecodedProof.Jti(proofs[1]));
        Assert.Null(DecodedProof.Nonce(proofs[0]));
        Assert.NotNull(DecodedProof.Nonce(proofs[1]));

        using HttpResponseMessage next = await client.GetAsync(VerifiedProof.Uri, async, Authorization);
        Assert.Equal(3, signer.Calls);
    }

    [Fact]
    public async Task Sixteen_requests_are_in_the_signer_at_once()
    {
        using KeyMaterial material = KeyMaterial.Create();
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource patience = new(Patience);
        int waiting = -1;
        using DpopKey key = DpopKey.FromSigner(new TestSigner(material)
        {
            IsAsynchronousOnly = true,
            OnSignAsync = async (data, _) =>
            {
                // The first is alone: while nothing is known of a server, one request goes ahead.
                int place = Interlocked.Increment(ref waiting);
                if (place == Many)
                {
                    all.SetResult();
                }

                if (place > 0)
                {
                    await all.Task.WaitAsync(patience.Token);
                }

                return material.Sign(data);
            },
        });
        await AssertSixteenAfterTheFirst(material, key, async: true);
    }

    [Fact]
    public async Task Sixteen_threads_are_in_the_signer_at_once()
    {
        using KeyMaterial material = KeyMaterial.Create();
        using CountdownEvent all = new(Many + 1);
        using CancellationTokenSource patience = new(Patience);
        int calls = 0;
        using DpopKey key = DpopKey.FromSigner(new TestSigner(material)
        {
            OnSign = data =>
            {
                all.Signal();
                if (Interlocked.Increment(ref calls) > 1)
                {
                    all.Wait(patience.Token);
                }

                return material.Sign(data);
            },
        });
        await AssertSixteenAfterTheFirst(material, key, async: false);
    }

    [Fact]
    public void ExportPrivateJwk_OfASignersKey_ThrowsKeyNotExportable()
    {
        using KeyMaterial material = KeyMaterial.Create();
        TestSigner signer = new(material);
        using DpopKey key = DpopKey.FromSigner(signer);
        DpopException exception = Assert.Throws<DpopException>(key.ExportPrivateJwk);
        Assert.Equal(DpopErrorCodes.KeyNotExportable, exception.Code);
        Assert.Contains("it is behind a signer", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, signer.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dispose_OfTheKey_EndsItsUseButNotTheSigners(bool async)
    {
        using KeyMaterial material = KeyMaterial.Create();
        using TestSigner signer = new(material);
        DpopKey key = DpopKey.FromSigner(signer);
        StubHandler wire = new();
        using HttpMessageInvoker client = key.Invoker(wire);
        key.Dispose();

        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => client.GetAsync(VerifiedProof.Uri, async, Authorization));
        Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
        Assert.Contains("was disposed", exception.Message, StringComparison.Ordinal);
        Assert.IsType<ObjectDisposedException>(exception.InnerException);
        Assert.Empty(wire.Proofs);
        Assert.Equal(0, signer.Calls);
        Assert.False(signer.IsDisposed);
    }

    [Fact]
    public async Task Dispose_WhileTheSignerWorks_LetsThatRequestGoOut()
    {
        using KeyMaterial material = KeyMaterial.Create();
        TaskCompletionSource<byte[]> entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        DpopKey key = DpopKey.FromSigner(new TestSigner(material)
        {
            IsAsynchronousOnly = true,
            OnSignAsync = async (data, _) =>
            {
                entered.SetResult(data);
                await disposed.Task;
                return material.Sign(data);
            },
        });
        StubHandler wire = new();
        using HttpMessageInvoker client = key.Invoker(wire);

        Task<HttpResponseMessage> sending = client.GetAsync(VerifiedProof.Uri, async: true, Authorization);
        await ReachedAsync(entered.Task, sending);
        key.Dispose();
        disposed.SetResult();
        using HttpResponseMessage response = await sending;
        VerifiedProof.AssertSignedBy(material, Assert.Single(wire.Proofs));
    }

    /// <summary>Waits until the signer was reached, or shows why it was not.</summary>
    private static async Task<T> ReachedAsync<T>(Task<T> signer, Task<HttpResponseMessage> sending)
    {
        await Task.WhenAny(signer, sending);
        Assert.True(signer.IsCompleted, "The request was over without the signer's SignAsync.");
        return await signer;
    }

    /// <summary>One verifier for all of them: it refuses a proof that it has seen.</summary>
    private static async Task AssertSixteenAfterTheFirst(KeyMaterial material, DpopKey key, bool async)
    {
        StubHandler wire = new();
        using HttpMessageInvoker client = key.Invoker(wire);
        using HttpResponseMessage first = await client.GetAsync(VerifiedProof.Uri, async, Authorization);
        HttpResponseMessage[] others = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => client.GetAsync(VerifiedProof.Uri, async, Authorization)));
        Assert.Equal(Many + 1, wire.Proofs.Count);
        DpopProofVerifier verifier = new();
        Assert.All(wire.Proofs, proof => VerifiedProof.AssertSignedBy(material, proof, verifier));
        Assert.All(others, response => response.Dispose());
    }
}
