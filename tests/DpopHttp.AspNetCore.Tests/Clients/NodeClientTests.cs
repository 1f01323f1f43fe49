using System.Diagnostics;
using System.Text.Json;
using DpopHttp.AspNetCore.Tests.Support;

namespace DpopHttp.AspNetCore.Tests.Clients;

/// <summary>Clients from npm against the API: what somebody else reads in RFC 9449.</summary>
public sealed class NodeClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static MatrixTheoryData<string, string, DpopNonceMode> Cases { get; } = new(
        ["oauth4webapi-client.mjs", "dpop-client.mjs"],
        ["ES256", "RS256", "PS256"],
        [DpopNonceMode.Off, DpopNonceMode.WhenClockDiffers, DpopNonceMode.Required]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task EveryCall_IsAcceptedAfterOneChallengeAtMost(string script, string algorithm, DpopNonceMode mode)
    {
        await using TestApi api = await TestApi.StartAsync(options =>
        {
            options.Nonces = mode;
            options.NonceStep = TimeSpan.FromHours(1);
        });
        string[] paths = ["/orders", "/orders?a=%2F", "/orders/a%2Fb", "/orders/a%2Bb", "/orders/%C3%A9", "/only-dpop", "/only-nonce"];

        JsonElement[] answers = await RunAsync(script, algorithm, [.. paths.Select(path => api.Origin("1.1") + path)]);

        Assert.All(answers, answer => Assert.True(answer.GetProperty("status").GetInt32() == 200, answer.ToString()));
        Assert.Equal(1, answers.Sum(answer => answer.GetProperty("challenges").GetInt32()));
    }

    [Theory]
    [InlineData("oauth4webapi-client.mjs")]
    [InlineData("dpop-client.mjs")]
    public async Task AlgorithmThatIsNotAccepted_IsToldWithThoseThatAre(string script)
    {
        await using TestApi api = await TestApi.StartAsync();

        JsonElement answer = Assert.Single(await RunAsync(script, "Ed25519", [api.Origin("1.1") + "/orders"]));

        Assert.Equal((401, "invalid_dpop_proof"), (answer.GetProperty("status").GetInt32(), answer.GetProperty("error").GetString()));
        Assert.StartsWith("ES256 ES384", answer.GetProperty("algs").GetString(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement[]> RunAsync(string script, string algorithm, string[] urls)
    {
        using Process node = Process.Start(new ProcessStartInfo(Tools.DemandNode(), [script, algorithm, .. urls])
        {
            WorkingDirectory = Tools.NodeFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            string first = await node.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? "{}";
            string thumbprint = JsonElement.Parse(first).GetProperty("thumbprint").GetString()!;
            await node.StandardInput.WriteLineAsync(TokenIssuer.Issue(thumbprint));
            string rest = await node.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
            return [.. rest.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
        }
        finally
        {
            node.Kill();
        }
    }
}
