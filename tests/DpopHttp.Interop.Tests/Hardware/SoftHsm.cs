using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace DpopHttp.Interop.Tests.Hardware;

/// <summary>A token of SoftHSM's in a temporary folder, with keys that are made in it and cannot leave it.</summary>
public sealed class SoftHsm : IDisposable
{
    private const string Label = "dpophttp-tests";

    // P-256's object identifier in DER (RFC 5480 section 2.1.1.1).
    private static readonly byte[] P256 = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];

    private readonly Pkcs11InteropFactories _factories = new();
    private readonly DirectoryInfo? _folder;
    private readonly IPkcs11Library? _library;
    private readonly ISlot? _slot;
    private readonly ISession? _login;

    // Pkcs11Interop asks for libdl by the name that only glibc's development files have.
    static SoftHsm() => NativeLibrary.SetDllImportResolver(
        typeof(Pkcs11InteropFactories).Assembly, (name, _, _) => name == "libdl" ? NativeLibrary.Load("libdl.so.2") : 0);

    public SoftHsm()
    {
        // Skipping is up to the tests that use a token: here it would fail the others.
        if (!SoftHsmRequirement.IsMet)
        {
            return;
        }

        _folder = Directory.CreateTempSubdirectory();
        string configuration = Path.Combine(_folder.FullName, "softhsm2.conf");
        string tokens = _folder.CreateSubdirectory("tokens").FullName;
        File.WriteAllText(configuration, $"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n");
        NativeEnvironment.Set("SOFTHSM2_CONF", configuration);
        _library = _factories.Pkcs11LibraryFactory.LoadPkcs11Library(_factories, SoftHsmRequirement.Library, AppType.MultiThreaded);
        string pin = RandomNumberGenerator.GetHexString(16);
        _slot = Initialize(_library, pin);

        // All sessions of a process are logged in as long as one is.
        _login = _slot.OpenSession(SessionType.ReadWrite);
        _login.Login(CKU.CKU_USER, pin);
    }

    /// <summary>The folder that the token is kept in.</summary>
    internal string Folder => _folder!.FullName;

    /// <summary>Makes a key pair in the token: ES256, or PS256 with 2,048 bits.</summary>
    internal SoftHsmSigner CreateSigner(string algorithm)
    {
        SoftHsmRequirement.Demand();
        byte[] id = RandomNumberGenerator.GetBytes(8);
        bool isEc = algorithm == "ES256";
        List<IObjectAttribute> ofPublicKey =
        [
            Attribute(CKA.CKA_TOKEN, true),
            Attribute(CKA.CKA_VERIFY, true),
            _factories.ObjectAttributeFactory.Create(CKA.CKA_ID, id),
            .. isEc
                ? (IObjectAttribute[])[_factories.ObjectAttributeFactory.Create(CKA.CKA_EC_PARAMS, P256)]
                : [
                    _factories.ObjectAttributeFactory.Create(CKA.CKA_MODULUS_BITS, 2048),
                    _factories.ObjectAttributeFactory.Create(CKA.CKA_PUBLIC_EXPONENT, [0x01, 0x00, 0x01]),
                ],
        ];
        List<IObjectAttribute> ofPrivateKey =
        [
            Attribute(CKA.CKA_TOKEN, true),
            Attribute(CKA.CKA_PRIVATE, true),
            Attribute(CKA.CKA_SENSITIVE, true),
            Attribute(CKA.CKA_EXTRACTABLE, false),
            Attribute(CKA.CKA_SIGN, true),
            _factories.ObjectAttributeFactory.Create(CKA.CKA_ID, id),
        ];
        using IMechanism generation = _factories.MechanismFactory.Create(isEc ? CKM.CKM_EC_KEY_PAIR_GEN : CKM.CKM_RSA_PKCS_KEY_PAIR_GEN);
        _login!.GenerateKeyPair(generation, ofPublicKey, ofPrivateKey, out IObjectHandle publicKey, out IObjectHandle privateKey);
        return new SoftHsmSigner(algorithm, _slot!, publicKey, privateKey);
    }

    public void Dispose()
    {
        _login?.Dispose();
        _library?.Dispose();
        _folder?.Delete(recursive: true);
    }

    private static ISlot Initialize(IPkcs11Library library, string pin)
    {
        string securityOfficersPin = RandomNumberGenerator.GetHexString(16);
        library.GetSlotList(SlotsType.WithTokenPresent).Single().InitToken(securityOfficersPin, Label);

        // The token moved to a slot of its own; the one before stays for the next token.
        ISlot slot = library.GetSlotList(SlotsType.WithTokenPresent).Single(s => s.GetTokenInfo().Label.Trim() == Label);
        using ISession session = slot.OpenSession(SessionType.ReadWrite);
        session.Login(CKU.CKU_SO, securityOfficersPin);
        session.InitPin(pin);
        session.Logout();
        return slot;
    }

    private IObjectAttribute Attribute(CKA type, bool value) => _factories.ObjectAttributeFactory.Create(type, value);
}
