using System.Security.Cryptography.X509Certificates;

namespace DpopHttp.Tests.Keys;

/// <summary>A store of the current user with a name of its own. What was added is gone after it, and on Linux the folders made for it too.</summary>
internal sealed class TemporaryStore : IDisposable
{
    private static readonly string Profile = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private readonly string _name = $"dpophttp-tests-{Guid.NewGuid():N}";
    private readonly string[] _newFolders;
    private readonly List<X509Certificate2> _added = [];

    public TemporaryStore()
    {
        string[] parts = [".dotnet", "corefx", "cryptography", "x509stores", _name];
        string[] folders = [.. Enumerable.Range(1, parts.Length).Reverse().Select(n => Path.Combine([Profile, .. parts.Take(n)]))];
        _newFolders = [.. folders.TakeWhile(folder => !Directory.Exists(folder))];
    }

    public void Add(X509Certificate2 certificate)
    {
        using X509Store store = Open(OpenFlags.ReadWrite);
        _added.Add(certificate);
        store.Add(certificate);
    }

    public X509Certificate2 Find(string thumbprint)
    {
        using X509Store store = Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
        return Assert.Single(store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, validOnly: false));
    }

    public void Dispose()
    {
        using (X509Store store = Open(OpenFlags.ReadWrite))
        {
            _added.ForEach(store.Remove);
        }

        // Another process may have put something of its own beside ours: only what is empty goes.
        foreach (string folder in _newFolders.TakeWhile(folder => Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            Directory.Delete(folder);
        }
    }

    private X509Store Open(OpenFlags flags)
    {
        X509Store store = new(_name, StoreLocation.CurrentUser);
        store.Open(flags);
        return store;
    }
}
