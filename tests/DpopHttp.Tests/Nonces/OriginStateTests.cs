using DpopHttp.Nonces;

namespace DpopHttp.Tests.Nonces;

public class OriginStateTests
{
    [Fact]
    public void Learn_ALateAnswerToAnOlderRequest_DoesNotReplaceANewerNonce()
    {
        using DpopKey key = DpopKey.Generate();
        OriginState state = key.Origins[default];
        long older = state.Depart();
        long newer = state.Depart();
        state.Learn("new", newer);
        state.Learn("old", older);
        Assert.Equal("new", state.Nonce);
    }

    [Fact]
    public void Learn_InOrder_TheNewestWins()
    {
        using DpopKey key = DpopKey.Generate();
        OriginState state = key.Origins[default];
        Assert.Null(state.Nonce);
        state.Learn("one", state.Depart());
        state.Learn("two", state.Depart());
        Assert.Equal("two", state.Nonce);
    }

    [Fact]
    public async Task Learn_FromManyThreads_KeepsTheOneOfTheLatestRequest()
    {
        using DpopKey key = DpopKey.Generate();
        OriginState state = key.Origins[default];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                long departure = state.Depart();
                state.Learn(departure.ToString(provider: null), departure);
            }
        })));
        Assert.Equal("160000", state.Nonce);
    }
}
