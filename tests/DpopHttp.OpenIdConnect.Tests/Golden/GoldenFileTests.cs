using System.Text.Json;
using DpopHttp.OpenIdConnect.Sessions;

namespace DpopHttp.OpenIdConnect.Tests.Golden;

/// <summary>What one version keeps, every later one reads.</summary>
public sealed class GoldenFileTests
{
    private const string Jwk =
        """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}""";

    private static readonly SessionRecord Session = new()
    {
        Id = "AAAAAAAAAAAAAAAAAAAAAA",
        AccessToken = "access",
        ObtainedAt = new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero),
        ExpiresAt = new DateTimeOffset(2026, 11, 26, 12, 10, 0, TimeSpan.Zero),
        RefreshToken = "refresh",
        IdToken = "id",
        Thumbprint = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U",
    };

    private static readonly Dictionary<string, SessionRecord> Files = new()
    {
        ["session.json"] = Session,
        ["session-with-key.json"] = Session with { PrivateJwk = Jwk },
        ["session-refused.json"] = Session with { Refused = "invalid_grant", RefusedDescription = "grant request is invalid" },
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_session_of_version_1_is_read(string name) =>
        Assert.Equal(Files[name], JsonSerializer.Deserialize(File.ReadAllText(PathOf(name)), SessionJson.Default.SessionRecord));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_session_is_kept_as_version_1_kept_it(string name) =>
        Assert.Equal(File.ReadAllText(PathOf(name)), JsonSerializer.Serialize(Files[name], SessionJson.Default.SessionRecord));

    [Fact]
    public void The_key_is_the_one_that_the_thumbprint_names()
    {
        using DpopKey key = DpopKey.FromJwk(Jwk);
        Assert.Equal(Session.Thumbprint, key.Thumbprint);
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Golden/v1", name);
}
