namespace DpopHttp.Keys;

/// <summary>A key that may be in order, but doesn't fit what was said about it.</summary>
internal class UnexpectedKeyException(string message) : MalformedKeyException(message);
