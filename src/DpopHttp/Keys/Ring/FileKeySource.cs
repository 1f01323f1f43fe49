using Microsoft.Extensions.Logging;

namespace DpopHttp.Keys;

/// <summary>A key on disk.</summary>
internal sealed class FileKeySource(DpopKeyFile file, ILogger logger) : KeySource(ownsKeys: true)
{
    protected override DpopKey Open()
    {
        DpopKey key = file.Open();
        Log.KeyFileOpened(logger, key.Algorithm, key.Thumbprint, file.Path);
        return key;
    }

    protected override DpopKey MakeNext() => file.Rotate();

    protected override DpopKey? FindKept(string thumbprint) => file.Find(thumbprint);
}
