namespace DpopHttp.Tokens.Tests.Sharing;

/// <summary>Tokens that expire while two processes go on calling.</summary>
public class RenewalTests
{
    private const int Generations = 5;

    [Fact]
    public async Task A_renewal_by_one_process_is_one_for_both()
    {
        await using SharingSite site = await SharingSite.StartAsync(TimeSpan.FromSeconds(4));
        using TokenProcess first = await site.StartProcessAsync("orders");
        using TokenProcess second = await site.StartProcessAsync("orders/1");
        await first.CallAsync(1);
        string[] firsts, seconds;
        do
        {
            await Task.WhenAll(second.CallAsync(3), first.CallAsync(3));
            await Task.Delay(50);
            (firsts, seconds) = (site.TokensAt("orders"), site.TokensAt("orders/1"));
        }
        while (firsts.Length < Generations || seconds.Length < Generations);

        // Alone, each would have asked for every token that it used. Sharing the first one saves one request, and only renewals can save more;
        // not all do, as now and then both find the token old at the same moment.
        int alone = firsts.Length + seconds.Length, requests = site.TokenRequests;
        Assert.True(requests <= alone - 2, $"{requests} token requests, where {alone} make one for each token and process.");
        TestContext.Current.SendDiagnosticMessage("{0} token requests, where {1} make one for each token and process.", requests, alone);
    }
}
