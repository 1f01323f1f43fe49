namespace DpopHttp.Tokens.Tests.RefreshTokens;

/// <summary>A store that notes what is done with it, and fails when told to.</summary>
internal sealed class Journal(DpopRefreshToken first) : DpopRefreshTokenStore
{
    private readonly List<string> _entries = [];
    private DpopRefreshToken _token = first;

    public bool FailsToSave
    {
        get => SaveFault is not null;
        set => SaveFault = value ? new IOException("The disk is full.") : null;
    }

    public Exception? SaveFault { get; set; }

    public bool FailsToRelease { get; set; }

    /// <summary>How many calls were made so far.</summary>
    public Func<int> Calls { get; set; } = () => 0;

    public IReadOnlyList<string> Entries => _entries;

    public override ValueTask<DpopRefreshToken?> LoadAsync(CancellationToken cancellationToken)
    {
        _entries.Add("load");
        return new(_token);
    }

    public override ValueTask SaveAsync(DpopRefreshToken token, CancellationToken cancellationToken)
    {
        if (SaveFault is not null)
        {
            throw SaveFault;
        }

        _entries.Add($"save {token.Value} before call {Calls() + 1}");
        _token = token;
        return default;
    }

    public override ValueTask<IAsyncDisposable?> LockAsync(CancellationToken cancellationToken)
    {
        _entries.Add("lock");
        return new(new Hold(this));
    }

    private sealed class Hold(Journal journal) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            journal._entries.Add("release");
            return journal.FailsToRelease ? throw new IOException("The lock server is down.") : default;
        }
    }
}
