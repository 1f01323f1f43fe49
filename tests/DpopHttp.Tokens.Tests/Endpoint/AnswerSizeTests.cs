using System.Text;
using DpopHttp.Tokens.Tests.Support;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>It counts what the process allocates, and so runs alone.</summary>
[Collection<Alone>]
public class AnswerSizeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_without_end_is_given_up_after_a_megabyte(bool async)
    {
        const long Size = 300_000_000;
        await using TokenBench bench = await TokenBench.StartAsync();
        long written = 0;
        byte[] blanks = Encoding.ASCII.GetBytes(new string(' ', 65_536));
        bench.Tokens.Instead = async context =>
        {
            while (written < Size && !context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(blanks, CancellationToken.None);
                written += blanks.Length;
            }

            return true;
        };
        long before = GC.GetTotalAllocatedBytes();
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync(async));
        Assert.Equal(DpopTokenErrorCodes.TokenUnavailable, exception.Code);
        Assert.Contains("larger than 1 MB", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, bench.Tokens.Arrivals);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64_000_000);
    }
}

/// <summary>Tests that no others run beside.</summary>
[CollectionDefinition(DisableParallelization = true)]
public class Alone;
