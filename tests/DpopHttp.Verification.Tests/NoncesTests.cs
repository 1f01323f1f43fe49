using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Verification.Tests;

/// <summary>Nonces without memory: RFC 9449 section 8.</summary>
public sealed class NoncesTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    [Fact]
    public void Current_IsOf43NqcharsAndChangesWithTheStep()
    {
        DpopNonces nonces = new(timeProvider: _clock);
        string first = nonces.Current;

        Assert.Matches("^[A-Za-z0-9_-]{43}$", first);
        Assert.Equal(first, nonces.Current);
        _clock.Advance(nonces.Step);
        Assert.NotEqual(first, nonces.Current);
        Assert.False(nonces.IsCurrent(first));
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Accepts_NonceOfAnInstanceSoManyStepsAhead_ForOneStepOnly(int steps, bool accepted)
    {
        byte[] secret = RandomNumberGenerator.GetBytes(32);
        DpopNonces nonces = new(secret, timeProvider: _clock);
        DpopNonces other = new(secret, timeProvider: new FakeTimeProvider(_clock.GetUtcNow() + (steps * nonces.Step)));

        Assert.Equal(accepted, nonces.Accepts(other.Current));
    }

    [Fact]
    public void Accepts_NonceByAnotherSecretOrNone_Refuses()
    {
        DpopNonces nonces = new(timeProvider: _clock);

        Assert.False(nonces.Accepts(new DpopNonces(timeProvider: _clock).Current));
        Assert.False(nonces.Accepts(""));
        Assert.False(nonces.Accepts(nonces.Current[..^1]));
        Assert.False(nonces.Accepts(nonces.Current + "A"));
    }

    [Fact]
    public void Rotate_LeavesNonceGoodForItsLifetimeAndNoLonger()
    {
        DpopNonces nonces = new(timeProvider: _clock);
        string before = nonces.Current;

        nonces.Rotate();

        Assert.NotEqual(before, nonces.Current);
        Assert.True(nonces.Accepts(before));
        Assert.True(nonces.Accepts(nonces.Current));
        _clock.Advance(nonces.Step);
        Assert.True(nonces.Accepts(before));
        _clock.Advance(nonces.Step);
        Assert.False(nonces.Accepts(before));
        _clock.Advance(nonces.Step);
        Assert.False(nonces.Accepts(before));
    }

    [Fact]
    public void Rotate_OneInstanceAfterTheOther_RefusesNoNonceOnTheWay()
    {
        byte[] oldSecret = RandomNumberGenerator.GetBytes(32);
        byte[] newSecret = RandomNumberGenerator.GetBytes(32);
        DpopNonces[] instances = [new(oldSecret, timeProvider: _clock), new(oldSecret, timeProvider: _clock)];

        foreach (Action<DpopNonces> change in (Action<DpopNonces>[])[n => n.Accept(newSecret), n => n.Rotate(newSecret)])
        {
            foreach (DpopNonces instance in instances)
            {
                change(instance);
                Assert.All(instances, one => Assert.All(instances, other => Assert.True(one.Accepts(other.Current))));
            }
        }

        Assert.All(instances, one => Assert.Equal(new DpopNonces(newSecret, timeProvider: _clock).Current, one.Current));
    }

    [Fact]
    public void Constructor_ShortSecretOrStep_Throws()
    {
        Assert.Throws<ArgumentException>("secret", () => new DpopNonces(new byte[31]));
        Assert.Throws<ArgumentOutOfRangeException>("step", () => new DpopNonces(TimeSpan.FromMilliseconds(999)));
    }
}
