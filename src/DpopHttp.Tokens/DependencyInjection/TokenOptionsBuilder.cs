using System.Diagnostics.CodeAnalysis;
using DpopHttp.Tokens.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.DependencyInjection;

/// <summary>The ways to set a client's token options.</summary>
internal sealed class TokenOptionsBuilder<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(OptionsBuilder<TOptions> options)
    where TOptions : DpopTokenOptions
{
    public void Configure(Action<TOptions> configure) => options.Configure(configure);

    public void Configure(Action<TOptions, IServiceProvider> configure) => options.Configure(configure);

    public void Read(IConfigurationSection section)
    {
        options.Configure(read => TokenConfiguration.Read(section, read));
        options.Services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(provider =>
        {
            ILogger logger = provider.GetRequiredService<ILogger<Caching.TokenSource>>();
            return new CheckedChanges<TOptions>(
                options.Name, section, provider.GetRequiredService<IOptionsFactory<TOptions>>(), exception => Log.OptionsRefused(logger, exception, options.Name));
        });
    }
}
