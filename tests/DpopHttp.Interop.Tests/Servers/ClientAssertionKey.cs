using System.Buffers.Text;
using System.Security.Cryptography;

namespace DpopHttp.Interop.Tests.Servers;

/// <summary>A new ES256 key for private_key_jwt: the private JWK for the client, the public one for the server.</summary>
internal sealed class ClientAssertionKey
{
    private ClientAssertionKey(Dictionary<string, string> publicJwk, Dictionary<string, string> privateJwk) =>
        (PublicJwk, PrivateJwk) = (publicJwk, privateJwk);

    public IReadOnlyDictionary<string, string> PublicJwk { get; }

    public IReadOnlyDictionary<string, string> PrivateJwk { get; }

    public static ClientAssertionKey Generate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECParameters parameters = key.ExportParameters(includePrivateParameters: true);
        Dictionary<string, string> publicJwk = new()
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(parameters.Q.X),
            ["y"] = Base64Url.EncodeToString(parameters.Q.Y),
            ["alg"] = "ES256",
            ["use"] = "sig",
            ["kid"] = "client-assertion",
        };
        return new ClientAssertionKey(publicJwk, new(publicJwk) { ["d"] = Base64Url.EncodeToString(parameters.D) });
    }
}
