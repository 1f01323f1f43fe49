using System.Text.Json.Nodes;
using DpopHttp.AspNetCore.Tests.Support;
using DpopHttp.Tests.Support;
using DpopHttp.Tool.Tests.Support;

namespace DpopHttp.Tool.Tests.Probing;

/// <summary>samples/Api with tokens of samples/AuthorizationServer, each a process of its own.</summary>
public sealed class SampleApiTests : IDisposable
{
    private readonly ToolBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("WhenClockDiffers")]
    [InlineData("Required")]
    public async Task Nothing_is_found_in_the_sample_as_it_is(string nonces)
    {
        (string issuer, string api) = ($"http://127.0.0.1:{FreePort.Find()}", $"http://127.0.0.1:{FreePort.Find()}");
        using Command issuerProcess = Command.Start("dotnet", _bench.Folder, [Repository.Sample("AuthorizationServer"), $"{new Uri(issuer).Port}"]);
        using Command apiProcess = Command.Start(
            "dotnet",
            Path.Combine(Repository.Root, "samples/Api"),
            [Repository.Sample("Api"), $"--Urls={api}", $"--Authority={issuer}", $"--Dpop:Nonces={nonces}"]);
        await issuerProcess.SeeAsync("Ctrl+C ends it.");
        await apiProcess.SeeAsync("Ctrl+C ends it.");
        (await _bench.RunAsync("key", "new")).Succeeded();
        (await _bench.RunAsync(
            "token", "--issuer", issuer, "--client-id", "orders-client", "--secret", "development-only", "--scope", "orders", "--for", api)).Succeeded();
        foreach (string path in (string[])["/orders", "/me"])
        {
            ToolRun run = await _bench.RunAsync("probe", api + path, "--json");
            JsonArray findings = JsonNode.Parse(run.Succeeded().Output)!["findings"]!.AsArray();

            // A clock that differs is excused by a nonce, and there is no nonce to be wrong where none is demanded.
            Assert.All(findings, finding => Assert.True((string)finding!["verdict"]! is "ok" || (string)finding["id"]! is "nonce" or "iatOld" or "iatAhead", $"{finding}"));
        }
    }
}
