namespace DpopHttp.Tool.Output;

/// <summary>Ends the command with a message for the user and exit code 2. The message never contains a secret.</summary>
internal sealed class ToolException(string message, Exception? innerException = null) : Exception(message, innerException);
