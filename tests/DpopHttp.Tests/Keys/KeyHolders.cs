using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DpopHttp.Tests.Keys.Files;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tests.Keys;

/// <summary>An instance of every public type that can hold a key or a passphrase, and the secrets of it.</summary>
public sealed class KeyHolders : IDisposable
{
    public const string Passphrase = "correct horse battery staple";

    private readonly KeyDirectory _directory = new();
    private readonly List<IDisposable> _owned = [];
    private readonly List<string> _secrets = [Passphrase];
    private readonly List<object> _all = [];

    public KeyHolders()
    {
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using RSA rsa = RSA.Create(2048);
        using LoopbackCertificate certificate = new();
        DpopKey generated = Add(DpopKey.Generate());
        Add(DpopKey.Generate("PS256"));
        Add(DpopKey.FromPem(ec.ExportPkcs8PrivateKeyPem()));
        Add(DpopKey.FromPem(rsa.ExportRSAPrivateKeyPem(), "RS512"));
        Add(DpopKey.FromCertificate(certificate.Certificate));
        LocalSigner signer = new(generated);
        _all.AddRange([signer, DpopKey.FromSigner(signer)]);

        DpopKeyFile[] files = [.. Enum.GetValues<KeyForm>().Select(form => form.File(_directory[form.ToString()]))];
        foreach (DpopKeyFile file in files)
        {
            Add(file.Open());
            Add(file.Rotate());
        }

        _all.AddRange(files);
        _all.AddRange([KeyForms.Protection, files[1].Protection!]);
        _all.AddRange(
        [
            new DpopOptions { Key = generated },
            new DpopOptions { KeyFile = files[1].Path, KeyFileProtection = files[1].Protection, KeyName = "shared", KeyAlgorithm = "ES256" },
            new DpopOptions { KeyFile = files[2].Path, KeyFileProtection = KeyForms.Protection },
            new DpopKeyOptions { Key = generated },
            new DpopKeyOptions { File = files[1].Path, Protection = DpopKeyProtection.FromPassphrase(Passphrase), Algorithm = "ES256" },
            new DpopKeyOptions { File = files[2].Path, Protection = KeyForms.Protection },
            new DpopHandler(generated),
            new DpopHandler(generated, new DpopOptions { Key = generated }),
            Ring(generated, files),
            .. Exceptions(generated, files[1]),
        ]);
    }

    public IReadOnlyList<object> All => _all;

    public IReadOnlyList<string> Secrets => _secrets;

    public void Dispose()
    {
        _owned.ForEach(owned => owned.Dispose());
        _directory.Dispose();
    }

    private DpopKey Add(DpopKey key)
    {
        _all.Add(key);
        _owned.Add(key);
        _secrets.AddRange(KeySecrets.Of(key));
        return key;
    }

    /// <summary>One that has opened and rotated keys of every source.</summary>
    private DpopKeyRing Ring(DpopKey given, DpopKeyFile[] files)
    {
        ServiceCollection services = new();
        services.AddHttpClient("given").AddDpop(options => options.Key = given);
        services.AddHttpClient("process").AddDpop();
        foreach (DpopKeyFile file in files)
        {
            services.AddHttpClient(file.Path).AddDpop(options =>
                (options.KeyFile, options.KeyFileProtection) = (file.Path, file.Protection));
        }

        ServiceProvider provider = services.BuildServiceProvider();
        _owned.Add(provider);
        DpopKeyRing ring = provider.GetRequiredService<DpopKeyRing>();
        _secrets.AddRange(KeySecrets.Of(ring.Get("process")));
        _secrets.AddRange(KeySecrets.Of(ring.Rotate("process")));
        ring.Get("given");
        foreach (DpopKeyFile file in files)
        {
            _secrets.AddRange(KeySecrets.Of(ring.Rotate(file.Path)));
        }

        _all.Add(provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(files[1].Path));
        return ring;
    }

    private IEnumerable<Exception> Exceptions(DpopKey key, DpopKeyFile encrypted)
    {
        string jwk = key.ExportPrivateJwk();
        DpopKey disposed = DpopKey.FromJwk(jwk);
        disposed.Dispose();
        DpopKeyFile damaged = new(_directory.Place("damaged", System.Text.Encoding.UTF8.GetBytes(jwk[..^1])));
        DpopKeyFile doubled = new(_directory.Place("doubled", System.Text.Encoding.UTF8.GetBytes(jwk + jwk)));
        yield return Assert.Throws<DpopException>(disposed.ExportPrivateJwk);
        yield return Assert.Throws<DpopException>(() => DpopKey.FromSigner(new LocalSigner(key)).ExportPrivateJwk());
        yield return Assert.Throws<DpopException>(() => DpopProof.Create(disposed, HttpMethod.Get, new Uri("https://api.example.com")));
        yield return Assert.Throws<DpopException>(() => new DpopKeyFile(encrypted.Path) { Protection = DpopKeyProtection.FromPassphrase(Passphrase + ".") }.Open());
        yield return Assert.Throws<DpopException>(() => new DpopKeyFile(encrypted.Path).Open());
        yield return Assert.Throws<DpopException>(() => damaged.Open());
        yield return Assert.Throws<DpopException>(() => doubled.Rotate());
        yield return Assert.Throws<DpopException>(() => new DpopKeyFile(damaged.Path) { Protection = encrypted.Protection }.Open());
        yield return Assert.Throws<ArgumentException>(() => DpopKey.FromJwk(jwk[..^1]));
        yield return Assert.Throws<ArgumentException>(() => DpopKey.FromPem(jwk));
        yield return Assert.Throws<ArgumentException>(() => DpopKey.FromEncryptedPem(File.ReadAllText(encrypted.Path), Passphrase + "."));
        yield return Assert.Throws<ArgumentException>(() => new DpopHandler(key, new DpopOptions { KeyFileProtection = encrypted.Protection }));
    }
}
