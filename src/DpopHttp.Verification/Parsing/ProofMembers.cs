using System.Collections.ObjectModel;
using System.Text.Json;

namespace DpopHttp.Verification;

/// <summary>Header and claims of a proof by name.</summary>
internal sealed record ProofMembers(IReadOnlyDictionary<string, JsonElement> Header, IReadOnlyDictionary<string, JsonElement> Claims)
{
    public static readonly ProofMembers None =
        new(ReadOnlyDictionary<string, JsonElement>.Empty, ReadOnlyDictionary<string, JsonElement>.Empty);
}
