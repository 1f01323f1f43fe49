using DpopHttp.Logging;
using Microsoft.Extensions.Logging;

namespace DpopHttp.KeyRing;

/// <summary>A key that lives as long as the process.</summary>
internal sealed class ProcessKeySource(string name, string? algorithm, ILogger logger) : KeySource(ownsKeys: true)
{
    protected override DpopKey Open()
    {
        DpopKey key = MakeNext();
        Log.KeyMade(logger, key.Algorithm, key.Thumbprint, name);
        return key;
    }

    protected override DpopKey MakeNext() => DpopKey.Generate(algorithm ?? DpopAlgorithms.ES256);
}
