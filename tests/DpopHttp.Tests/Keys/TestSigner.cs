namespace DpopHttp.Tests.Keys;

/// <summary>A key elsewhere, as far as the library can tell. It signs after a real wait, and misbehaves as told.</summary>
internal sealed class TestSigner(KeyMaterial material, string? algorithm = null, string? publicJwk = null) : DpopSigner, IDisposable
{
    private int _calls;

    /// <summary>Replaces the asynchronous signature.</summary>
    public Func<byte[], CancellationToken, ValueTask<byte[]>>? OnSignAsync { get; init; }

    /// <summary>Replaces the synchronous one.</summary>
    public Func<byte[], byte[]>? OnSign { get; init; }

    /// <summary>Leaves <see cref="Sign"/> as the base class has it.</summary>
    public bool IsAsynchronousOnly { get; init; }

    public int Calls => Volatile.Read(ref _calls);

    public bool IsDisposed { get; private set; }

    public override string Algorithm => algorithm ?? material.Algorithm;

    public override string PublicJwk => publicJwk ?? material.PublicJwk;

    /// <summary>A signer that gives <paramref name="answer"/> to both calls.</summary>
    public static TestSigner Answering(KeyMaterial material, Func<byte[], byte[]> answer) => new(material)
    {
        OnSign = answer,
        OnSignAsync = async (data, _) =>
        {
            await Task.Yield();
            return answer(data);
        },
    };

    public override async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        if (OnSignAsync is not null)
        {
            return await OnSignAsync(data.ToArray(), cancellationToken);
        }

        await Task.Yield();
        return material.Sign(data.Span);
    }

    public override byte[] Sign(ReadOnlySpan<byte> data)
    {
        Interlocked.Increment(ref _calls);
        return IsAsynchronousOnly ? base.Sign(data) : OnSign is null ? material.Sign(data) : OnSign(data.ToArray());
    }

    public void Dispose() => IsDisposed = true;
}
