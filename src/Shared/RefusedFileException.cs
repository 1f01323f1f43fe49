namespace DpopHttp.Shared;

/// <summary>A file that can be read, but must not be trusted; the message says why, and what to do.</summary>
internal sealed class RefusedFileException(string message) : IOException(message);
