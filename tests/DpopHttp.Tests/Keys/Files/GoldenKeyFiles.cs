using System.Security.Cryptography;

namespace DpopHttp.Tests.Keys.Files;

/// <summary>One key file among the golden files, and what it must hold.</summary>
/// <param name="Version">The folder.</param>
/// <param name="Name">The file's name; the name of its form is a part of it.</param>
/// <param name="Algorithm">The algorithm of both keys.</param>
/// <param name="Thumbprint">The thumbprint of the file's key.</param>
/// <param name="Retired">The thumbprint of the key that was rotated out of the file.</param>
public sealed record GoldenKeyFiles(string Version, string Name, string Algorithm, string Thumbprint, string Retired)
{
    private const string Index = "keys.txt";

    private const string Passphrase = "test vector, no secret";

    private static readonly byte[] ProtectionKey = SHA256.HashData("test vector, no secret"u8);

    /// <summary>Stands for an application's own. It encrypts a text to the same bytes each time, so that files can be compared.</summary>
    private static readonly DpopKeyProtection Protection = new(Encrypt, Decrypt);

    /// <summary>The folders' common parent: the copy of the source, which the tests neither need installed nor change.</summary>
    private static string Root { get; } = FindRoot();

    public static IEnumerable<string> Versions => Directory.EnumerateDirectories(Root).Select(folder => Path.GetFileName(folder)).OrderBy(name => int.Parse(name[1..], null));

    public static IEnumerable<GoldenKeyFiles> OfVersion(string version) => File.ReadAllLines(Path.Combine(Root, version, Index))
        .Select(line => line.Split(' '))
        .Select(parts => new GoldenKeyFiles(version, parts[0], parts[1], parts[2], parts[3]));

    /// <summary>Writes the files of a version with today's code.</summary>
    public static void Write(string version)
    {
        string folder = Path.Combine(Root, version);
        Assert.False(Directory.Exists(folder), $"{folder} exists. Golden files don't change: name the next version.");
        using KeyDirectory directory = new();
        List<string> index = [];
        foreach (string algorithm in (string[])[DpopAlgorithms.ES256, DpopAlgorithms.PS256])
        {
            foreach (string form in (string[])["clear.json", "passphrase.pem", "application.pem"])
            {
                string name = $"{algorithm.ToLowerInvariant()}-{form}";
                DpopKeyFile file = new(directory[name]) { Algorithm = algorithm, Protection = ProtectionFor(name) };
                using DpopKey retired = file.Open();
                using DpopKey current = file.Rotate();
                index.Add($"{name} {algorithm} {current.Thumbprint} {retired.Thumbprint}");
            }
        }

        Directory.CreateDirectory(folder);
        foreach (string name in directory.Names.Where(name => !name.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.WriteAllBytes(Path.Combine(folder, name), File.ReadAllBytes(directory[name]));
        }

        File.WriteAllText(Path.Combine(folder, Index), string.Join('\n', index) + '\n');
    }

    public override string ToString() => $"{Version}/{Name}";

    internal string RetiredName => $"{Name}.{Retired}.retired";

    /// <summary>Puts copies of the file and of the retired one into a directory, for their owner only: a checkout gives others the right to read.</summary>
    internal DpopKeyFile Place(KeyDirectory directory)
    {
        directory.Place(Name, Content(Name));
        directory.Place(RetiredName, Content(RetiredName));
        return new DpopKeyFile(directory[Name]) { Protection = ProtectionFor(Name) };
    }

    internal byte[] Content(string name) => File.ReadAllBytes(Path.Combine(Root, Version, name));

    private static DpopKeyProtection? ProtectionFor(string name) => name.Contains("passphrase", StringComparison.Ordinal)
        ? DpopKeyProtection.FromPassphrase(Passphrase)
        : name.Contains("application", StringComparison.Ordinal) ? Protection : null;

    private static byte[] Encrypt(byte[] plain)
    {
        byte[] nonce = SHA256.HashData(plain)[..AesGcm.NonceByteSizes.MaxSize];
        byte[] tag = new byte[AesGcm.TagByteSizes.MaxSize];
        byte[] encrypted = new byte[plain.Length];
        using AesGcm cipher = new(ProtectionKey, tag.Length);
        cipher.Encrypt(nonce, plain, encrypted, tag);
        return [.. nonce, .. tag, .. encrypted];
    }

    private static byte[] Decrypt(byte[] sealedBytes)
    {
        (int nonce, int tag) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        byte[] plain = new byte[sealedBytes.Length - nonce - tag];
        using AesGcm cipher = new(ProtectionKey, tag);
        cipher.Decrypt(sealedBytes.AsSpan(0, nonce), sealedBytes.AsSpan(nonce + tag), sealedBytes.AsSpan(nonce, tag), plain);
        return plain;
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DpopHttp.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("The tests run inside the repository."), "tests", "DpopHttp.Tests", "Golden");
    }
}
