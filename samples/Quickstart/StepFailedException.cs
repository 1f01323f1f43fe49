namespace Quickstart;

/// <summary>A step of the story did not come out as it should.</summary>
internal sealed class StepFailedException(string message) : Exception(message);
