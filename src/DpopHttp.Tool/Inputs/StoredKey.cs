using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Inputs;

/// <summary>Opens a key file that is there.</summary>
internal static class StoredKey
{
    /// <exception cref="ToolException">There is no such file.</exception>
    /// <exception cref="DpopException">The file can't be used.</exception>
    public static async Task<DpopKey> OpenAsync(string path, DpopKeyProtection? protection, CancellationToken cancellationToken) =>
        File.Exists(path)
            ? await new DpopKeyFile(path) { Protection = protection }.OpenAsync(cancellationToken).ConfigureAwait(false)
            : throw new ToolException(
                $"There is no key file {path}. Make one with 'dpop key new --out {path}', or name another with --key.");
}
