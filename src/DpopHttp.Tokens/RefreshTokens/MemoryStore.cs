namespace DpopHttp.Tokens.RefreshTokens;

internal sealed class MemoryStore(DpopRefreshToken? token) : DpopRefreshTokenStore
{
    private volatile DpopRefreshToken? _token = token;

    public override ValueTask<DpopRefreshToken?> LoadAsync(CancellationToken cancellationToken) => new(_token);

    public override ValueTask SaveAsync(DpopRefreshToken token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        _token = token;
        return default;
    }
}
