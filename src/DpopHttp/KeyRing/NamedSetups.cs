using Microsoft.Extensions.Options;
using DynamicallyAccessedMembersAttribute = System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembersAttribute;
using static System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes;

namespace DpopHttp.KeyRing;

/// <summary>
/// Makes named options as the platform's factory does, which goes through the setups of all names for each one: with many clients, those that are for other names
/// only are left out.
/// </summary>
internal sealed class NamedSetups<[DynamicallyAccessedMembers(PublicParameterlessConstructor)] TOptions>(
    IEnumerable<IConfigureOptions<TOptions>> configure, IEnumerable<IPostConfigureOptions<TOptions>> postConfigure, IEnumerable<IValidateOptions<TOptions>> validate)
    where TOptions : class
{
    private readonly SetupIndex<IConfigureOptions<TOptions>> _configure = new(configure, NameOf);
    private readonly SetupIndex<IPostConfigureOptions<TOptions>> _postConfigure = new(postConfigure, NameOf);
    private readonly IValidateOptions<TOptions>[] _validate = [.. validate];

    /// <exception cref="OptionsValidationException">The options have faults.</exception>
    public TOptions Create(string name) => new OptionsFactory<TOptions>(_configure.For(name), _postConfigure.For(name), _validate).Create(name);

    /// <summary>The only name that it is for; null for whatever may be for others. A derived type may do anything.</summary>
    private static string? NameOf(IConfigureOptions<TOptions> setup) => setup switch
    {
        ConfigureNamedOptions<TOptions> named when named.GetType() == typeof(ConfigureNamedOptions<TOptions>) => named.Name,
        ConfigureNamedOptions<TOptions, IServiceProvider> named when named.GetType() == typeof(ConfigureNamedOptions<TOptions, IServiceProvider>) => named.Name,
        _ => null,
    };

    private static string? NameOf(IPostConfigureOptions<TOptions> setup) => setup switch
    {
        PostConfigureOptions<TOptions> named when named.GetType() == typeof(PostConfigureOptions<TOptions>) => named.Name,
        PostConfigureOptions<TOptions, IServiceProvider> named when named.GetType() == typeof(PostConfigureOptions<TOptions, IServiceProvider>) => named.Name,
        _ => null,
    };

    /// <summary>Setups of options by the name that they are for, in the order in which they were registered.</summary>
    private sealed class SetupIndex<TSetup>
    {
        private readonly List<(int Order, TSetup Setup)> _forAll = [];
        private readonly Dictionary<string, List<(int Order, TSetup Setup)>> _byName = new(StringComparer.Ordinal);

        /// <param name="setups">All, in order.</param>
        /// <param name="nameOf">The only name that one is for, or null.</param>
        public SetupIndex(IEnumerable<TSetup> setups, Func<TSetup, string?> nameOf)
        {
            foreach ((int order, TSetup setup) in setups.Index())
            {
                if (nameOf(setup) is not { } name)
                {
                    _forAll.Add((order, setup));
                }
                else if (_byName.TryGetValue(name, out List<(int, TSetup)>? same))
                {
                    same.Add((order, setup));
                }
                else
                {
                    _byName.Add(name, [(order, setup)]);
                }
            }
        }

        public IEnumerable<TSetup> For(string name) =>
            _forAll.Concat(_byName.GetValueOrDefault(name, [])).OrderBy(one => one.Order).Select(one => one.Setup);
    }
}
