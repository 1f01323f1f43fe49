using System.Net;
using System.Text.RegularExpressions;
using DpopHttp.AspNetCore.Tests.Support;
using DpopHttp.Tests.Support;

namespace DpopHttp.AspNetCore.Tests.Samples;

/// <summary>A newcomer's way: a new project, the packages, the lines of the documentation, and the API is protected.</summary>
public sealed partial class NewcomerTests
{
    [Fact]
    public async Task NewWebProjectWithThePackagesAndTheLinesOfTheDocumentation_IsProtected()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string feed = folder.CreateSubdirectory("feed").FullName;
            string project = folder.CreateSubdirectory("Orders").FullName;

            // The packages go to a folder of the test's own; those that this machine has already are taken from there.
            Dictionary<string, string> environment = new()
            {
                ["NUGET_PACKAGES"] = folder.CreateSubdirectory("packages").FullName,
                ["NUGET_FALLBACK_PACKAGES"] = UsersPackages(),
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["MSBUILDDISABLENODEREUSE"] = "1",
            };
            foreach (string package in (string[])["DpopHttp.Verification", "DpopHttp.AspNetCore"])
            {
                await Command.RunAsync(
                    "dotnet", Repository.Root, ["pack", $"src/{package}", "--no-build", "-c", Repository.Configuration, "-o", feed, "-nodeReuse:false"]);
            }

            await Command.RunAsync("dotnet", project, ["new", "web", "--no-restore", "-f", "net10.0"], environment);
            await File.WriteAllTextAsync(
                Path.Combine(project, "nuget.config"), $"<configuration><packageSources><add key=\"local\" value=\"{feed}\" /></packageSources></configuration>");
            await Command.RunAsync("dotnet", project, ["add", "package", "Microsoft.AspNetCore.Authentication.JwtBearer", "--version", "10.0.*"], environment);
            await Command.RunAsync("dotnet", project, ["add", "package", "DpopHttp.AspNetCore"], environment);
            await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), await LinesAsync());
            await Command.RunAsync("dotnet", project, ["build", "--no-restore", "-nodeReuse:false"], environment);

            int port = FreePort.Find();
            using Command api = Command.Start(
                "dotnet", project, [Path.Combine(project, "bin/Debug/net10.0/Orders.dll"), $"--urls=http://127.0.0.1:{port}"]);
            await api.SeeAsync("Application started");
            using Caller caller = new();
            Answer answer = await caller.SendWithoutCredentialsAsync("1.1", $"http://127.0.0.1:{port}/orders");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.StartsWith("DPoP algs=", Assert.Single(answer.Challenges), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string UsersPackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static async Task<string> LinesAsync()
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/protect-your-api.md"));
        return FirstBlock().Match(text).Groups[1].Value;
    }

    [GeneratedRegex(@"^```cs\r?\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FirstBlock();
}
