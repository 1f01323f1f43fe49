using Microsoft.Extensions.Options;

namespace DpopHttp.KeyRing;

/// <summary>The options of a client are in order by themselves, and name a key that doesn't exist or isn't clear.</summary>
internal sealed class KeyNameException(string client, string fault) : OptionsValidationException(client, typeof(DpopOptions), [fault]);
