using System.Buffers.Text;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Net.Pkcs11Interop.HighLevelAPI.MechanismParams;

namespace DpopHttp.Interop.Tests.Hardware;

/// <summary>Signs inside the token, by PKCS#11. Each signature has a session of its own: a session signs one thing at a time.</summary>
internal sealed class SoftHsmSigner : DpopSigner
{
    private readonly ISlot _slot;
    private readonly IObjectHandle _privateKey;

    public SoftHsmSigner(string algorithm, ISlot slot, IObjectHandle publicKey, IObjectHandle privateKey)
    {
        Algorithm = algorithm;
        _slot = slot;
        _privateKey = privateKey;
        PublicJwk = IsEc ? ReadEc(publicKey) : ReadRsa(publicKey);
    }

    public override string Algorithm { get; }

    public override string PublicJwk { get; }

    private bool IsEc => Algorithm == "ES256";

    public override async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        await Task.Run(() => Sign(data.Span), cancellationToken);

    public override byte[] Sign(ReadOnlySpan<byte> data)
    {
        using ISession session = _slot.OpenSession(SessionType.ReadOnly);
        if (IsEc)
        {
            // CKM_ECDSA takes the hash and gives r and s one after the other, as a JWS has them.
            using IMechanism ecdsa = session.Factories.MechanismFactory.Create(CKM.CKM_ECDSA);
            return session.Sign(ecdsa, _privateKey, SHA256.HashData(data));
        }

        using ICkRsaPkcsPssParams parameters = session.Factories.MechanismParamsFactory.CreateCkRsaPkcsPssParams(
            (ulong)CKM.CKM_SHA256, (ulong)CKG.CKG_MGF1_SHA256, SHA256.HashSizeInBytes);
        using IMechanism pss = session.Factories.MechanismFactory.Create(CKM.CKM_SHA256_RSA_PKCS_PSS, parameters);
        return session.Sign(pss, _privateKey, data.ToArray());
    }

    /// <summary>What the token says of an attribute of the private key.</summary>
    public IObjectAttribute ReadPrivate(CKA attribute)
    {
        using ISession session = _slot.OpenSession(SessionType.ReadOnly);
        return session.GetAttributeValue(_privateKey, [attribute]).Single();
    }

    /// <summary>CKA_EC_POINT is an OCTET STRING with the uncompressed point: 04, x, y (SEC1 section 2.3.3).</summary>
    private string ReadEc(IObjectHandle publicKey)
    {
        byte[] point = new AsnReader(Read(publicKey, CKA.CKA_EC_POINT), AsnEncodingRules.DER).ReadOctetString();
        string x = Base64Url.EncodeToString(point.AsSpan(1, 32));
        string y = Base64Url.EncodeToString(point.AsSpan(33, 32));
        return $$"""{"kty":"EC","crv":"P-256","x":"{{x}}","y":"{{y}}"}""";
    }

    private string ReadRsa(IObjectHandle publicKey)
    {
        string n = Base64Url.EncodeToString(Read(publicKey, CKA.CKA_MODULUS));
        string e = Base64Url.EncodeToString(Read(publicKey, CKA.CKA_PUBLIC_EXPONENT));
        return $$"""{"kty":"RSA","n":"{{n}}","e":"{{e}}"}""";
    }

    private byte[] Read(IObjectHandle key, CKA attribute)
    {
        using ISession session = _slot.OpenSession(SessionType.ReadOnly);
        return session.GetAttributeValue(key, [attribute]).Single().GetValueAsByteArray();
    }
}
