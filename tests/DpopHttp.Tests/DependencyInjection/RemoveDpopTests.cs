using DpopHttp.Tests.KeyRing;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tests.DependencyInjection;

public class RemoveDpopTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RemoveDpop_FromOneClient_LeavesItWithoutProofsWhateverTheOrder(bool defaultsFirst)
    {
        await using RingBench bench = new(s =>
        {
            Action[] calls = [() => s.ConfigureHttpClientDefaults(b => b.AddDpop()), () => s.AddHttpClient("without").RemoveDpop()];
            foreach (Action call in defaultsFirst ? calls : calls.Reverse())
            {
                call();
            }
        });
        Assert.Equal((false, true), (await HasProofAsync(bench, "without"), await HasProofAsync(bench, "with")));
    }

    [Fact]
    public async Task RemoveDpop_ThenAddDpop_TheLaterCallCounts()
    {
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("added").RemoveDpop().AddDpop();
            s.AddHttpClient("removed").AddDpop().RemoveDpop();
        });
        Assert.Equal((true, false), (await HasProofAsync(bench, "added"), await HasProofAsync(bench, "removed")));
    }

    [Fact]
    public void RemoveDpop_FromTheDefaults_Throws()
    {
        Assert.Throws<ArgumentNullException>("builder", () => ((IHttpClientBuilder)null!).RemoveDpop());
        ServiceCollection services = new();
        services.ConfigureHttpClientDefaults(b => Assert.Throws<ArgumentException>("builder", b.RemoveDpop));
        IHttpClientBuilder builder = services.AddHttpClient("api");
        Assert.Same(builder, builder.RemoveDpop());
    }

    private static async Task<bool> HasProofAsync(RingBench bench, string client)
    {
        using HttpClient http = bench.Client(client);
        using HttpResponseMessage response = await http.GetAsync(RingBench.Api);
        return bench.Proofs[^1] is not null;
    }
}
