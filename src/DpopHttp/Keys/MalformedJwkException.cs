namespace DpopHttp.Keys;

/// <summary>Says within the reader which member of a JWK is wrong; callers of the library get an <see cref="ArgumentException"/>.</summary>
internal sealed class MalformedJwkException(string message) : Exception(message);
