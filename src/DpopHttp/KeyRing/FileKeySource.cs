using DpopHttp.Logging;
using Microsoft.Extensions.Logging;

namespace DpopHttp.KeyRing;

/// <summary>A key on disk.</summary>
internal sealed class FileKeySource(DpopKeyFile file, ILogger logger) : KeySource(ownsKeys: true)
{
    private volatile DpopKeyFile _file = file;

    /// <summary>The same file, with other means to open it.</summary>
    public void Renew(DpopKeyFile file) => _file = file;

    protected override DpopKey Open()
    {
        DpopKeyFile file = _file;
        DpopKey key = file.OpenOrMake(out bool isNew);
        if (isNew)
        {
            Log.KeyFileMade(logger, key.Algorithm, key.Thumbprint, file.Path);
        }
        else
        {
            Log.KeyFileOpened(logger, key.Algorithm, key.Thumbprint, file.Path);
        }

        return key;
    }

    protected override DpopKey MakeNext() => _file.Rotate();

    protected override DpopKey? FindKept(string thumbprint) => _file.Find(thumbprint);
}
