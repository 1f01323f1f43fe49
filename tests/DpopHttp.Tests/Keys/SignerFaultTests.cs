using System.Collections.Concurrent;
using System.Security.Cryptography;
using DpopHttp.Tests.Support;

namespace DpopHttp.Tests.Keys;

/// <summary>Signers that fail, or give what is no signature of theirs: the request fails, and nothing is sent.</summary>
public class SignerFaultTests
{
    public static MatrixTheoryData<string, bool> FaultsAndSends => new(
        [nameof(IOException), nameof(HttpRequestException), nameof(CryptographicException), nameof(TimeoutException), nameof(TaskCanceledException),
            nameof(ObjectDisposedException)],
        [true, false]);

    [Theory]
    [MemberData(nameof(FaultsAndSends))]
    public async Task A_signers_exception_is_inside_key_unavailable(string fault, bool async)
    {
        using KeyMaterial material = KeyMaterial.Create();
        Exception thrown = fault switch
        {
            nameof(IOException) => new IOException("the module is gone"),
            nameof(HttpRequestException) => new HttpRequestException("no connection"),
            nameof(CryptographicException) => new CryptographicException("CKR_DEVICE_ERROR"),
            nameof(ObjectDisposedException) => new ObjectDisposedException("session"),
            nameof(TimeoutException) => new TimeoutException("too slow"),
            // As from a time-out of the signer's own, with the caller still waiting.
            _ => new TaskCanceledException("too slow", null, new CancellationToken(canceled: true)),
        };
        TestSigner signer = TestSigner.Answering(material, _ => throw thrown);
        DpopException exception = await AssertFails(signer, async);
        Assert.Same(thrown, exception.InnerException);
        Assert.Contains("failed to sign", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signer_that_cannot_do_it_asynchronously_is_not_told_to_use_SendAsync()
    {
        using KeyMaterial material = KeyMaterial.Create();
        PlatformNotSupportedException thrown = new("no such module here");
        DpopException exception = await AssertFails(TestSigner.Answering(material, _ => throw thrown), async: true);
        Assert.Same(thrown, exception.InnerException);
        Assert.Contains("failed to sign", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("synchronous", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signer_that_throws_before_it_returns_a_task_fails_the_request_alike()
    {
        using KeyMaterial material = KeyMaterial.Create();
        IOException thrown = new("the module is gone");
        TestSigner signer = new(material) { OnSignAsync = (_, _) => throw thrown };
        Assert.Same(thrown, (await AssertFails(signer, async: true)).InnerException);
    }

    [Fact]
    public async Task The_signers_own_time_out_is_no_cancellation_although_the_caller_could_cancel()
    {
        using KeyMaterial material = KeyMaterial.Create();
        using CancellationTokenSource own = new();
        await own.CancelAsync();
        TestSigner signer = new(material)
        {
            OnSignAsync = async (_, _) =>
            {
                await Task.Delay(Timeout.Infinite, own.Token);
                return [];
            },
        };
        using CancellationTokenSource callers = new();
        DpopException exception = await AssertFails(signer, async: true, callers.Token);
        Assert.IsType<OperationCanceledException>(exception.InnerException, exactMatch: false);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_failure_the_next_request_goes_out(bool async)
    {
        using KeyMaterial material = KeyMaterial.Create();
        int calls = 0;
        using DpopKey key = DpopKey.FromSigner(TestSigner.Answering(
            material, data => Interlocked.Increment(ref calls) == 1 ? throw new IOException("once") : material.Sign(data)));
        StubHandler wire = new();
        using HttpMessageInvoker client = key.Invoker(wire);
        await Assert.ThrowsAsync<DpopException>(() => client.GetAsync(VerifiedProof.Uri, async, "DPoP access-token"));
        using HttpResponseMessage response = await client.GetAsync(VerifiedProof.Uri, async, "DPoP access-token");
        VerifiedProof.AssertSignedBy(material, Assert.Single(wire.Proofs));
    }

    [Theory]
    [InlineData("ES256", true, "64 bytes for ES256")]
    [InlineData("ES256", false, "64 bytes for ES256")]
    [InlineData("ES384", true, "96 bytes for ES384")]
    [InlineData("ES512", true, "132 bytes for ES512")]
    public async Task A_signature_in_DER_is_called_by_its_name(string algorithm, bool async, string size)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        DpopException exception = await AssertFails(
            TestSigner.Answering(material, data => material.Sign(data, DSASignatureFormat.Rfc3279DerSequence)), async);
        Assert.Contains("is in DER", exception.Message, StringComparison.Ordinal);
        Assert.Contains(size, exception.Message, StringComparison.Ordinal);
        Assert.Contains("IEEE P1363", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ES256", 63, 64, true)]
    [InlineData("ES256", 65, 64, false)]
    [InlineData("ES512", 128, 132, true)]
    [InlineData("PS256", 255, 256, true)]
    [InlineData("RS512", 512, 256, false)]
    [InlineData("RS256", 4096, 256, false)]
    [InlineData("ES256", 0, 64, true)]
    public async Task A_signature_of_another_size_is_refused(string algorithm, int size, int expected, bool async)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        DpopException exception = await AssertFails(TestSigner.Answering(material, _ => new byte[size]), async);
        Assert.Contains($"has {size} bytes. {algorithm} with this key has {expected}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_signature_at_all_is_refused(bool async)
    {
        using KeyMaterial material = KeyMaterial.Create();
        DpopException exception = await AssertFails(TestSigner.Answering(material, _ => null!), async);
        Assert.Contains("has 0 bytes", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ES256", true)]
    [InlineData("ES256", false)]
    [InlineData("PS256", true)]
    [InlineData("RS256", false)]
    public async Task A_signature_of_another_key_is_refused(string algorithm, bool async)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        using KeyMaterial other = KeyMaterial.Create(algorithm);
        DpopException exception = await AssertFails(TestSigner.Answering(material, data => other.Sign(data)), async);
        Assert.Contains($"does not verify with its public key as {algorithm}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signer_that_gives_the_same_buffer_each_time_cannot_change_a_signature_that_was_verified()
    {
        using KeyMaterial material = KeyMaterial.Create();
        byte[] shared = new byte[64];
        using DpopKey key = DpopKey.FromSigner(TestSigner.Answering(material, data =>
        {
            material.Sign(data).CopyTo(shared, 0);
            return shared;
        }));
        ConcurrentQueue<string> proofs = [];
        Parallel.For(0, 4, _ =>
        {
            for (int i = 0; i < 2000; i++)
            {
                try
                {
                    proofs.Enqueue(DpopProof.Create(key, HttpMethod.Get, VerifiedProof.Uri, VerifiedProof.AccessToken));
                }
                catch (DpopException)
                {
                    // The buffer changed before it was looked at.
                }
            }
        });
        Assert.NotEmpty(proofs);
        Assert.All(proofs, proof => VerifiedProof.AssertSignedBy(material, proof));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public async Task A_signature_over_the_hash_of_the_hash_is_refused(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        DpopException exception = await AssertFails(TestSigner.Answering(material, data => material.Sign(SHA256.HashData(data))), async: true);
        Assert.Contains("hash the data once with the algorithm's hash", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_with_the_padding_of_another_algorithm_is_refused()
    {
        using KeyMaterial material = KeyMaterial.Create("RS256");
        TestSigner signer = new(material, algorithm: "PS256");
        DpopException exception = await AssertFails(signer, async: true);
        Assert.Contains("does not verify with its public key as PS256", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<DpopException> AssertFails(TestSigner signer, bool async, CancellationToken cancellationToken = default)
    {
        using DpopKey key = DpopKey.FromSigner(signer);
        StubHandler wire = new();
        using HttpMessageInvoker client = key.Invoker(wire);
        using HttpRequestMessage request = new(HttpMethod.Get, VerifiedProof.Uri);
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => client.SendAsync(request, async, cancellationToken));
        Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
        Assert.NotNull(exception.InnerException);
        Assert.Equal(1, signer.Calls);
        Assert.Empty(wire.Proofs);
        return exception;
    }
}
