using DpopHttp.Tokens.Caching;
using DpopHttp.Tokens.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace DpopHttp.Tokens.DependencyInjection;

/// <summary>
/// Passes a change of the configuration on if the options that come of it are valid. Faulty ones are logged: the client goes on with what it has, and
/// whoever reloads the configuration gets no exception.
/// </summary>
internal sealed class CheckedChanges<TOptions> : IOptionsChangeTokenSource<TOptions>, IDisposable
    where TOptions : DpopTokenOptions
{
    private readonly string _client;
    private readonly IOptionsFactory<TOptions> _factory;
    private readonly ILogger _logger;
    private readonly IDisposable _registration;
    private CancellationTokenSource _change = new();

    public CheckedChanges(string client, IConfigurationSection section, IOptionsFactory<TOptions> factory, ILogger<TokenSource> logger)
    {
        (_client, _factory, _logger) = (client, factory, logger);
        _registration = ChangeToken.OnChange(section.GetReloadToken, Check);
    }

    public string Name => _client;

    public IChangeToken GetChangeToken() => new CancellationChangeToken(Volatile.Read(ref _change).Token);

    public void Dispose()
    {
        _registration.Dispose();
        _change.Dispose();
    }

    private void Check()
    {
        try
        {
            _factory.Create(_client);
        }
        catch (Exception exception)
        {
            Log.OptionsRefused(_logger, exception, _client);
            return;
        }

        using CancellationTokenSource change = Interlocked.Exchange(ref _change, new CancellationTokenSource());
        change.Cancel();
    }
}
