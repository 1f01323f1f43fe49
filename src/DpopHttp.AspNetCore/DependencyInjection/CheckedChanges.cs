using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace DpopHttp.AspNetCore;

/// <summary>
/// Passes a change of the configuration on if the options that come of it are valid. Faulty ones are logged: the scheme goes on with what it has, and
/// whoever reloads the configuration gets no exception.
/// </summary>
internal sealed class CheckedChanges : IOptionsChangeTokenSource<DpopAuthenticationOptions>, IDisposable
{
    private readonly IOptionsFactory<DpopAuthenticationOptions> _factory;
    private readonly ILogger _logger;
    private readonly IDisposable _registration;
    private CancellationTokenSource _change = new();

    public CheckedChanges(
        string scheme, IConfigurationSection section, IOptionsFactory<DpopAuthenticationOptions> factory, ILoggerFactory loggers)
    {
        (Name, _factory, _logger) = (scheme, factory, loggers.CreateLogger(ServerTelemetry.LogCategory));
        _registration = ChangeToken.OnChange(section.GetReloadToken, Check);
    }

    public string Name { get; }

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
            _factory.Create(Name);
        }
        catch (Exception exception)
        {
            Log.OptionsRefused(_logger, exception, Name);
            return;
        }

        using CancellationTokenSource change = Interlocked.Exchange(ref _change, new CancellationTokenSource());
        change.Cancel();
    }
}
