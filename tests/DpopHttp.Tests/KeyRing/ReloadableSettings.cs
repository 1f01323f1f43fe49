using Microsoft.Extensions.Configuration;

namespace DpopHttp.Tests.KeyRing;

/// <summary>Configuration that a test changes while it is in use.</summary>
internal sealed class ReloadableSettings : ConfigurationProvider, IConfigurationSource
{
    private readonly IConfigurationRoot _root;

    public ReloadableSettings(params (string Key, string? Value)[] settings)
    {
        Put(settings);
        _root = new ConfigurationBuilder().Add(this).Build();
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public IConfigurationSection Section(string name = "Dpop") => _root.GetSection(name);

    /// <summary>Sets the values, and tells all who listen; a null removes one.</summary>
    public void Change(params (string Key, string? Value)[] settings)
    {
        Put(settings);
        OnReload();
    }

    private void Put(IEnumerable<(string Key, string? Value)> settings)
    {
        foreach ((string key, string? value) in settings)
        {
            if (value is null)
            {
                Data.Remove(key);
            }
            else
            {
                Data[key] = value;
            }
        }
    }
}
