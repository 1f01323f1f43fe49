using System.Diagnostics;
using System.Reflection;

namespace DpopHttp.Integrations.Tests.BearerOnly;

/// <summary>The official MCP SDK's own OAuth, against servers that demand DPoP and nonces: samples/Mcp.</summary>
public class McpTests
{
    [Fact]
    public async Task The_sdk_signs_in_and_calls_a_tool()
    {
        string[] lines = await RunSampleAsync();
        Assert.Equal("The tool says: ordered 3 books", lines[^1]);
        Assert.Equal(["sign-in: POST /token  -> 400", "sign-in: POST /token  -> 200"], lines.Where(line => line.Contains("/token", StringComparison.Ordinal)));
        string[] calls = [.. lines.Where(line => line.StartsWith("mcp: POST /mcp ", StringComparison.Ordinal))];
        Assert.Equal("mcp: POST /mcp  -> 401", calls[0]);
        Assert.Equal("mcp: POST /mcp DPoP -> 200", calls[^1]);
        Assert.DoesNotContain(lines, line => line.Contains("Bearer", StringComparison.Ordinal));
    }

    private static async Task<string[]> RunSampleAsync()
    {
        string configuration = typeof(McpTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        string folder = Path.Combine(AppContext.BaseDirectory, "../../../../..");
        string program = Path.Combine(folder, $"samples/Mcp/bin/{configuration}/net10.0/Mcp.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true })!;
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
