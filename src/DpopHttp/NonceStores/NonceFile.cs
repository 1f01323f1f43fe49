using System.Text.Json.Serialization;

namespace DpopHttp.NonceStores;

/// <summary>The nonces by name in their file, the one that was saved last at the end.</summary>
internal sealed record NonceFile([property: JsonPropertyName("dpop_nonces")] OrderedDictionary<string, string>? Nonces);
