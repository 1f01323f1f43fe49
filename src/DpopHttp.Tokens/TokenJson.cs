using System.Text.Json.Serialization;
using DpopHttp.Tokens.Caching;
using DpopHttp.Tokens.RefreshTokens;

namespace DpopHttp.Tokens;

[JsonSerializable(typeof(RefreshTokenRecord))]
[JsonSerializable(typeof(SharedToken))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class TokenJson : JsonSerializerContext;
