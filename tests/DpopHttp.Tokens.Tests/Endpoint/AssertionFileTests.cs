using System.Net;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>A client whose assertion is in a file that somebody else replaces.</summary>
public sealed class AssertionFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string File => Path.Combine(_folder.FullName, "token");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_read_for_each_attempt(bool async)
    {
        await System.IO.File.WriteAllTextAsync(File, "aa.bb.c0\n");
        await using TokenBench bench = await TokenBench.StartAsync(options => (options.ClientSecret, options.ClientAssertionFile) = (null, File));
        List<string?> assertions = [];
        bench.Tokens.Nonce = "nonce-1";
        bench.Tokens.Instead = async context =>
        {
            assertions.Add((await context.Request.ReadFormAsync())["client_assertion"]);
            await System.IO.File.WriteAllTextAsync(File, $"aa.bb.c{assertions.Count}\n");
            return false;
        };
        using HttpResponseMessage response = await bench.GetAsync(async);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["aa.bb.c0", "aa.bb.c1"], assertions);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no jwt")]
    [InlineData("a.b.c\r\nd")]
    public async Task One_that_cannot_be_used_is_an_error_that_names_it(string? content)
    {
        if (content is not null)
        {
            await System.IO.File.WriteAllTextAsync(File, content);
        }

        await using TokenBench bench = await TokenBench.StartAsync(options => (options.ClientSecret, options.ClientAssertionFile) = (null, File));
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal(DpopTokenErrorCodes.TokenUnavailable, exception.Code);
        Assert.Contains(File, exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, bench.Tokens.Arrivals);
    }

    [Fact]
    public async Task One_that_was_half_written_is_read_again_by_the_next_call()
    {
        await System.IO.File.WriteAllTextAsync(File, "aa.bb");
        await using TokenBench bench = await TokenBench.StartAsync(options => (options.ClientSecret, options.ClientAssertionFile) = (null, File));
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        await System.IO.File.WriteAllTextAsync(File, "aa.bb.cc");
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
