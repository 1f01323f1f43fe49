using System.Text.Json.Serialization;

namespace DpopHttp.Tokens.Caching;

[JsonSerializable(typeof(SharedToken))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class SharedTokenJson : JsonSerializerContext;
