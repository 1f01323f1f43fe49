using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace DpopHttp.Tokens.DependencyInjection;

/// <summary>
/// Passes a change of the configuration on if the options that come of it are valid. Faulty ones are told: whoever has the options goes on with those from
/// before, and whoever reloads the configuration gets no exception.
/// </summary>
internal sealed class CheckedChanges<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions> : IOptionsChangeTokenSource<TOptions>, IDisposable
    where TOptions : class
{
    private readonly IOptionsFactory<TOptions> _factory;
    private readonly Action<Exception> _refused;
    private readonly IDisposable _registration;
    private CancellationTokenSource _change = new();

    /// <param name="name">The name of the options.</param>
    /// <param name="section">Where they are read from.</param>
    /// <param name="factory">Makes and validates them.</param>
    /// <param name="refused">Called with what is wrong with faulty ones.</param>
    public CheckedChanges(string name, IConfigurationSection section, IOptionsFactory<TOptions> factory, Action<Exception> refused)
    {
        (Name, _factory, _refused) = (name, factory, refused);
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
            _refused(exception);
            return;
        }

        using CancellationTokenSource change = Interlocked.Exchange(ref _change, new CancellationTokenSource());
        change.Cancel();
    }
}
