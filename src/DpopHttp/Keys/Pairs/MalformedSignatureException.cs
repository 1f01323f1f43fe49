using System.Security.Cryptography;

namespace DpopHttp.Keys;

/// <summary>A signer gave something that isn't a signature of its key; callers get it inside a <see cref="DpopException"/>.</summary>
internal sealed class MalformedSignatureException(string message) : CryptographicException(message);
