using System.Text.Json.Serialization;

namespace DpopHttp.NonceStores;

[JsonSerializable(typeof(NonceFile))]
internal sealed partial class NonceFileJson : JsonSerializerContext;
