using DpopHttp.KeyRing;
using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>
/// When the host starts: sees to it that every name of a key is defined once, and opens or makes the keys that are in files, so that a
/// host that can't open its keys doesn't start.
/// </summary>
internal sealed class DpopStartupValidator(KeyNames names, KeyHolders holders, IOptionsMonitor<DpopOptions> options) : IValidateOptions<DpopStartup>
{
    public ValidateOptionsResult Validate(string? name, DpopStartup startup)
    {
        HashSet<string> told = new(StringComparer.Ordinal);
        string[] faults =
        [
            .. names.Doubled.Select(KeyFaults.DefinedTwice),
            .. names.Keys.SelectMany(key => FaultsOf(() => holders.RequireKey(key).Source, $"The key '{key}' can't be used. ", told)),
            .. names.Clients.SelectMany(client => FaultsOf(() => holders.RequireClient(client).Source, $"The client '{client}' can't open its key. ", told)),
            .. names.AllClients ? FaultsOfDefaults() : [],
        ];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults.Distinct());
    }

    /// <summary>A key that several share has one fault, which is told of the first of them.</summary>
    private static IEnumerable<string> FaultsOf(Func<KeySource> find, string introduction, HashSet<string> told)
    {
        try
        {
            // A key that the process makes lives from its first use.
            if (find() is FileKeySource file)
            {
                _ = file.Current;
            }

            return [];
        }
        catch (KeyNameException exception)
        {
            return exception.Failures;
        }
        catch (OptionsValidationException)
        {
            // The validation of those options says so.
            return [];
        }
        catch (DpopException exception)
        {
            return told.Add(exception.Message) ? [introduction + exception.Message] : [];
        }
    }

    /// <summary>Clients that nobody added by name use the defaults: what is wrong for them all can be told now.</summary>
    private IEnumerable<string> FaultsOfDefaults()
    {
        try
        {
            return options.Get(Options.DefaultName).KeyName is { } keyName && !names.IsKey(keyName) && !names.IsKnownClient(keyName)
                ? [KeyFaults.Undefined("The defaults of all clients name", keyName, names)]
                : [];
        }
        catch (SectionException exception)
        {
            return exception.Failures;
        }
        catch (OptionsValidationException)
        {
            // A client's own settings may complete them.
            return [];
        }
    }
}
