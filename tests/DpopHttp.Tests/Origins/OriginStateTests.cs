using DpopHttp.Origins;
using DpopHttp.Tests.NonceStores;

namespace DpopHttp.Tests.Origins;

public class OriginStateTests
{
    private const string Key = "key-1";
    private const string OtherKey = "key-2";

    [Fact]
    public void Learn_ALateAnswerToAnOlderRequest_DoesNotReplaceANewerNonce()
    {
        OriginState state = new();
        long older = state.NextRequestNumber();
        long newer = state.NextRequestNumber();
        state.Learn("new", Key, true, newer);
        state.Learn("old", Key, true, older);
        Assert.Equal("new", state.Choose(Key, true).Value);
    }

    [Fact]
    public void Learn_ANonceThatIsKnownAndAnsweredALaterRequest_IsNotReplacedByALateAnswer()
    {
        OriginState state = new();
        state.Learn("steady", Key, true, state.NextRequestNumber());
        long late = state.NextRequestNumber();
        state.Learn("steady", Key, true, state.NextRequestNumber());
        state.Learn("old", Key, true, late);
        Assert.Equal("steady", state.Choose(Key, true).Value);
    }

    [Fact]
    public void Learn_InOrder_TheNewestWins()
    {
        OriginState state = new();
        Assert.Null(state.Choose(Key, true).Value);
        state.Learn("one", Key, true, state.NextRequestNumber());
        state.Learn("two", Key, true, state.NextRequestNumber());
        Assert.Equal("two", state.Choose(Key, true).Value);
    }

    [Fact]
    public void Choose_AKeyWithoutANonce_TriesTheNewestOfAnyKey()
    {
        OriginState state = new();
        state.Learn("one", Key, true, state.NextRequestNumber());
        Assert.Equal(("one", true, false), Parts(state.Choose(OtherKey, true)));
    }

    [Fact]
    public void Choose_AfterTwoRefusalsOfOtherKeysNonces_EachKeyKeepsToItsOwn()
    {
        OriginState state = new();
        state.Learn("one", Key, true, state.NextRequestNumber());
        state.Learn("two", OtherKey, true, state.NextRequestNumber());
        Assert.Equal("two", state.Choose(Key, true).Value);
        state.Note(new NonceChoice("two", IsOfOtherKey: true), true, wasRefused: true);
        Assert.Equal("two", state.Choose(Key, true).Value);
        state.Note(new NonceChoice("two", IsOfOtherKey: true), true, wasRefused: true);
        Assert.Equal("one", state.Choose(Key, true).Value);

        // One that is accepted shows that they are shared after all.
        state.Note(new NonceChoice("two", IsOfOtherKey: true), true, wasRefused: false);
        Assert.Equal("two", state.Choose(Key, true).Value);
    }

    [Fact]
    public void Choose_AfterTwoRefusalsAcrossKinds_RequestsWithATokenAndWithoutAreApart()
    {
        OriginState state = new();
        state.Learn("token endpoint", Key, false, state.NextRequestNumber());
        Assert.Equal(("token endpoint", false, true), Parts(state.Choose(Key, true)));
        state.Note(new NonceChoice("token endpoint", IsOfOtherSpace: true), true, wasRefused: true);
        state.Learn("api", Key, true, state.NextRequestNumber());
        Assert.Equal("api", state.Choose(Key, false).Value);
        state.Note(new NonceChoice("api", IsOfOtherSpace: true), true, wasRefused: true);
        Assert.Equal(("token endpoint", "api"), (state.Choose(Key, false).Value, state.Choose(Key, true).Value));

        // The same nonce for both shows that the space is one after all.
        state.Learn("both", Key, true, state.NextRequestNumber());
        state.Learn("both", Key, false, state.NextRequestNumber());
        state.Learn("next", Key, true, state.NextRequestNumber());
        Assert.Equal("next", state.Choose(Key, false).Value);
    }

    [Fact]
    public async Task Learn_FromManyThreads_KeepsTheOneOfTheLatestRequest()
    {
        OriginState state = new();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                long number = state.NextRequestNumber();
                state.Learn(number.ToString(provider: null), Key, true, number);
            }
        })));
        Assert.Equal("160000", state.Choose(Key, true).Value);
    }

    [Fact]
    public async Task Note_RefusalsOfAStoredNonce_SayNothingAboutKeysAndKinds()
    {
        OriginState state = await StoredAsync(withToken: "stored");
        Assert.Equal(("stored", false, false), Parts(state.Choose(Key, true)));
        Assert.Equal(("stored", false, true), Parts(state.Choose(Key, false)));
        for (int i = 0; i < 2; i++)
        {
            state.Note(state.Choose(Key, true), true, wasRefused: true);
            state.Note(state.Choose(OtherKey, false), false, wasRefused: true);
        }

        state.Learn("one", Key, true, state.NextRequestNumber());
        state.Learn("two", OtherKey, true, state.NextRequestNumber());
        Assert.Equal("two", state.Choose(Key, true).Value);
        state.Learn("three", Key, false, state.NextRequestNumber());
        Assert.Equal("three", state.Choose(Key, true).Value);
    }

    [Fact]
    public async Task Note_RefusalsOfAStoredNonceThatWasAccepted_DoNotSpeakForNoncesThatAreGoodOnce()
    {
        OriginState state = await StoredAsync(withToken: "stored");
        NonceChoice stored = state.Choose(Key, true);
        state.Note(stored, true, wasRefused: false);
        state.Note(stored, true, wasRefused: true);
        state.Note(stored, true, wasRefused: true);
        state.Learn("one", Key, true, state.NextRequestNumber());
        Assert.Equal(("one", "one"), (state.Choose(Key, true).Value, state.Choose(Key, true).Value));
    }

    [Theory]
    [InlineData(true, "stored-for-others")]
    [InlineData(false, "learnt")]
    public async Task Choose_TheStoredNonceOfOneKind_FollowsHowThatOfTheOtherFared(bool wasGood, string expected)
    {
        OriginState state = await StoredAsync(withToken: "stored-for-others", withoutToken: "stored");
        state.Note(state.Choose(Key, false), false, wasRefused: !wasGood);
        state.Learn("learnt", Key, false, state.NextRequestNumber());
        Assert.Equal(expected, state.Choose(Key, true).Value);
    }

    private static async Task<OriginState> StoredAsync(string withToken, string? withoutToken = null)
    {
        Shelf store = new() { Nonces = { ["origin token"] = withToken } };
        if (withoutToken is not null)
        {
            store.Nonces["origin"] = withoutToken;
        }

        OriginState state = new();
        StoredNonces stored = state.AddStored(store, "origin", StoreBench.Unhurried, _ => { });
        await stored.WithToken.LoadAsync(async: true, CancellationToken.None);
        await stored.WithoutToken.LoadAsync(async: true, CancellationToken.None);
        return state;
    }

    private static (string?, bool, bool) Parts(NonceChoice choice) => (choice.Value, choice.IsOfOtherKey, choice.IsOfOtherSpace);
}
