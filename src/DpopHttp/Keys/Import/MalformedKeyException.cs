namespace DpopHttp.Keys;

/// <summary>Says within the readers what is wrong with a key; callers of the library get an <see cref="ArgumentException"/>.</summary>
internal class MalformedKeyException(string message, Exception? cause = null) : Exception(message, cause);
