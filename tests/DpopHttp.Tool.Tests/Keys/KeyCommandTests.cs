using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DpopHttp.Tool.Tests.Support;

namespace DpopHttp.Tool.Tests.Keys;

public sealed class KeyCommandTests : IDisposable
{
    private readonly ToolBench _bench = new();

    public static TheoryData<string> Algorithms => [.. Verification.DpopProofVerifier.SupportedAlgorithms];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task New_makes_a_key_of_the_algorithm_in_a_file_of_the_owner_alone(string algorithm)
    {
        ToolRun run = (await _bench.RunAsync("key", "new", "--alg", algorithm)).Succeeded();
        using DpopKey key = new DpopKeyFile(_bench.PathOf("key.json")).Open();
        Assert.Equal(algorithm, key.Algorithm);
        Assert.Contains(key.Thumbprint, run.Output, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_bench.PathOf("key.json")));
        }
    }

    [Fact]
    public async Task New_leaves_a_key_that_is_there_alone()
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        string before = File.ReadAllText(_bench.PathOf("key.json"));
        ToolRun run = (await _bench.RunAsync("key", "new")).Failed();
        Assert.Contains("is there already", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(_bench.PathOf("key.json")));
    }

    [Theory]
    [InlineData("HS256", "There is no algorithm 'HS256' here.")]
    [InlineData("none", "There is no algorithm 'none' here.")]
    public async Task New_refuses_other_algorithms(string algorithm, string message) =>
        Assert.Contains(message, (await _bench.RunAsync("key", "new", "--alg", algorithm)).Failed().Error, StringComparison.Ordinal);

    [Fact]
    public async Task Show_prints_each_form_alone()
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        using DpopKey key = new DpopKeyFile(_bench.PathOf("key.json")).Open();
        Assert.Equal(key.Thumbprint, (await _bench.RunAsync("key", "show", "--thumbprint")).Succeeded().Word);
        Assert.Equal(key.PublicJwk, (await _bench.RunAsync("key", "show", "--public")).Succeeded().Word);
        JsonNode json = JsonNode.Parse((await _bench.RunAsync("key", "show", "--json")).Succeeded().Output)!;
        Assert.Equal(key.Thumbprint, (string?)json["thumbprint"]);
        Assert.Null(json["publicJwk"]!["d"]);
        using ECDsa pem = ECDsa.Create();
        pem.ImportFromPem((await _bench.RunAsync("key", "show", "--pem")).Succeeded().Output);
        Assert.Equal(PublicX(key), System.Buffers.Text.Base64Url.EncodeToString(pem.ExportParameters(false).Q.X));
        Assert.Throws<CryptographicException>(() => pem.ExportParameters(includePrivateParameters: true));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("PS256")]
    public async Task Only_private_prints_the_private_key(string algorithm)
    {
        (await _bench.RunAsync("key", "new", "--alg", algorithm)).Succeeded();
        using DpopKey key = new DpopKeyFile(_bench.PathOf("key.json")).Open();
        string secret = (string)JsonNode.Parse(key.ExportPrivateJwk())!["d"]!;
        foreach (string[] form in (string[][])[[], ["--public"], ["--thumbprint"], ["--pem"], ["--json"]])
        {
            ToolRun run = (await _bench.RunAsync(["key", "show", .. form])).Succeeded();
            Assert.DoesNotContain(secret, run.Output + run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("PRIVATE", run.Output, StringComparison.Ordinal);
        }

        Assert.Contains(secret, (await _bench.RunAsync("key", "show", "--private")).Succeeded().Output, StringComparison.Ordinal);
        string pem = (await _bench.RunAsync("key", "show", "--private", "--pem")).Succeeded().Output;
        using DpopKey same = DpopKey.FromPem(pem, algorithm);
        Assert.Equal(key.Thumbprint, same.Thumbprint);
    }

    [Fact]
    public async Task A_passphrase_from_the_environment_or_a_file_encrypts_and_opens()
    {
        _bench.Variables["DPOP_PASSPHRASE"] = "correct horse battery staple";
        (await _bench.RunAsync("key", "new", "--passphrase")).Succeeded();
        Assert.Contains("ENCRYPTED PRIVATE KEY", File.ReadAllText(_bench.PathOf("key.json")), StringComparison.Ordinal);
        string thumbprint = (await _bench.RunAsync("key", "show", "--thumbprint", "--passphrase")).Succeeded().Word;
        string file = _bench.Write("passphrase.txt", "correct horse battery staple\n");
        Assert.Equal(thumbprint, (await _bench.RunAsync("key", "show", "--thumbprint", "--passphrase-file", file)).Succeeded().Word);

        (await _bench.RunAsync("key", "show")).Failed();
        string wrong = _bench.Write("wrong.txt", "incorrect");
        ToolRun run = (await _bench.RunAsync("key", "show", "--passphrase-file", wrong)).Failed();
        Assert.DoesNotContain("incorrect", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passphrase_that_nobody_can_be_asked_for_is_an_error()
    {
        ToolRun run = (await _bench.RunAsync("key", "new", "--passphrase")).Failed();
        Assert.Contains("no terminal to ask", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_bench.PathOf("key.json")));
    }

    [Fact]
    public async Task Show_of_a_file_that_is_not_there_makes_none()
    {
        ToolRun run = (await _bench.RunAsync("key", "show", _bench.PathOf("other.json"))).Failed();
        Assert.Contains("dpop key new", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_bench.PathOf("other.json")));
    }

    [Fact]
    public async Task Two_forms_at_once_are_an_error() =>
        (await _bench.RunAsync("key", "show", "--public", "--pem")).Failed();

    public void Dispose() => _bench.Dispose();

    private static string? PublicX(DpopKey key) => (string?)JsonNode.Parse(key.PublicJwk)!["x"];
}
