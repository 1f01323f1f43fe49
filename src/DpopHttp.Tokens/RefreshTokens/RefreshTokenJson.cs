using System.Text.Json.Serialization;

namespace DpopHttp.Tokens.RefreshTokens;

[JsonSerializable(typeof(RefreshTokenRecord))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class RefreshTokenJson : JsonSerializerContext;
