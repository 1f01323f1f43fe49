using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DpopHttp.Packages.Tests.Support;

namespace DpopHttp.Packages.Tests;

/// <summary>What is in the packages.</summary>
public sealed partial class PackageTests(PackageFeed feed)
{
    private static readonly Dictionary<string, string[]> Dependencies = new()
    {
        ["DpopHttp"] = ["Microsoft.Extensions.Http 10.0.0", "Microsoft.Extensions.Options.ConfigurationExtensions 10.0.0"],
        ["DpopHttp.AspNetCore"] = ["DpopHttp.Verification"],
        ["DpopHttp.OpenIdConnect"] =
        [
            "DpopHttp.Tokens", "Microsoft.AspNetCore.Authentication.OpenIdConnect 10.0.0", "Microsoft.IdentityModel.Protocols.OpenIdConnect 8.16.0",
        ],
        ["DpopHttp.Redis"] = ["DpopHttp.Verification", "Microsoft.Extensions.DependencyInjection.Abstractions 10.0.0", "StackExchange.Redis 2.7.27"],
        ["DpopHttp.Testing"] = ["DpopHttp.Verification"],
        ["DpopHttp.Tokens"] =
        [
            "DpopHttp", "Duende.IdentityModel 8.1.0", "Microsoft.Extensions.Caching.Hybrid 10.0.0", "Polly.Core 8.4.2",
        ],
        ["DpopHttp.Tool"] = [],
        ["DpopHttp.Verification"] = [],
    };

    public static TheoryData<string> Names => [.. Repository.Packed.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_package_depends_on_what_its_project_references_and_on_nothing_else(string name)
    {
        IEnumerable<string> dependencies = feed.Open(name).Metadata().Descendants("dependency").Select(dependency =>
            $"{dependency.Attribute("id")!.Value} {dependency.Attribute("version")!.Value}".Replace($" {feed.Version}", "", StringComparison.Ordinal));
        Assert.Equal(Dependencies[name], dependencies.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_package_says_what_it_is_where_it_is_from_and_what_is_new(string name)
    {
        Package package = feed.Open(name);
        XElement metadata = package.Metadata();
        Assert.Equal("MIT", metadata.Element("license")!.Value);
        Assert.Equal(PackageFeed.RepositoryUrl, metadata.Element("projectUrl")!.Value);
        Assert.Equal(PackageFeed.RepositoryUrl, metadata.Element("repository")!.Attribute("url")!.Value);
        Assert.StartsWith("## ", metadata.Element("releaseNotes")!.Value, StringComparison.Ordinal);
        Assert.NotEqual("Package Description", metadata.Element("description")!.Value);
        Assert.Equal([137, 80, 78, 71], package.Bytes(metadata.Element("icon")!.Value)[..4]);
        Assert.StartsWith($"# {name}\n", package.Text(metadata.Element("readme")!.Value), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_links_of_a_readme_are_absolute_and_lead_to_pages_that_exist(string name)
    {
        string readme = feed.Open(name).Text("README.md");
        Assert.DoesNotContain("```mermaid", readme, StringComparison.Ordinal);
        string pages = $"{PackageFeed.RepositoryUrl}/blob/v{feed.Version}/";
        string[] links = [.. Link().Matches(readme).Select(match => match.Groups[1].Value)];
        Assert.All(links, link => Assert.StartsWith("https://", link, StringComparison.Ordinal));
        string[] own = [.. links.Where(link => link.StartsWith(pages, StringComparison.Ordinal)).Select(link => link[pages.Length..].Split('#')[0])];
        Assert.NotEmpty(own);
        Assert.All(own, page => Assert.True(File.Exists(Path.Combine(Repository.Root, page)), page));
    }

    [Fact]
    public async Task Where_no_repository_is_named_a_readme_has_no_links_into_it()
    {
        Package package = await feed.PackWithoutRepositoryAsync("DpopHttp.Verification");
        string readme = package.Text("README.md");
        Assert.Contains("- Protect your API: ", readme, StringComparison.Ordinal);
        Assert.All(Link().Matches(readme), link => Assert.StartsWith("https://www.rfc-editor.org/", link.Groups[1].Value, StringComparison.Ordinal));
        Assert.Null(package.Metadata().Element("projectUrl"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Symbols_have_their_sources_inside_and_name_no_folder_of_the_machine(string name)
    {
        Package symbols = feed.Open(name, "snupkg");
        IReadOnlyList<(string Name, bool IsEmbedded)> sources = symbols.Sources(symbols.Files.Single(file => file.EndsWith($"/{name}.pdb", StringComparison.Ordinal)));
        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.True(source.IsEmbedded && source.Name.StartsWith("/_", StringComparison.Ordinal), source.Name));
        byte[] root = Encoding.UTF8.GetBytes(Repository.Root);
        Package package = feed.Open(name);
        Assert.All(package.Files, file => Assert.Equal(-1, package.Bytes(file).AsSpan().IndexOf(root)));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
