using DpopHttp.Tokens.Tests.Support;

namespace DpopHttp.Tokens.Tests.Sharing;

/// <summary>Tokens that expire while two processes go on calling.</summary>
public class RenewalTests
{
    private const int Generations = 4;
    private const int SharedRenewals = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_renewal_by_one_process_is_one_for_both()
    {
        await using SharingSite site = await SharingSite.StartAsync(TimeSpan.FromSeconds(4));
        using OtherProcess first = await site.StartProcessAsync("orders", isPatient: false);
        using OtherProcess second = await site.StartProcessAsync("orders/1", isPatient: false);
        using CancellationTokenSource patience = new(Patience);
        await first.CallAsync(1);
        string[] firsts, seconds;
        int requests;
        do
        {
            await Task.WhenAll(second.CallAsync(3), first.CallAsync(3));
            await Task.Delay(50);
            (requests, firsts, seconds) = (site.TokenRequests, site.TokensAt("orders"), site.TokensAt("orders/1"));

            // Alone, each would have asked for every token that it used: what is less than that was shared. The first token may be as well, and
            // not all renewals are: now and then both find the token old at the same moment.
            Assert.False(
                patience.IsCancellationRequested, $"{requests} token requests for {firsts.Length} tokens in one process and {seconds.Length} in the other.");
        }
        while (firsts.Length < Generations || seconds.Length < Generations || requests > firsts.Length + seconds.Length - (1 + SharedRenewals));
    }
}
