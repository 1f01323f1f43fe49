using System.Text.Json.Serialization;
using DpopHttp.Tokens.Caching;

namespace DpopHttp.Tokens;

[JsonSerializable(typeof(SharedToken))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class TokenJson : JsonSerializerContext;
