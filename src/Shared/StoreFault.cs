namespace DpopHttp.Shared;

/// <summary>What an application's store threw, fit for a log and for the cause of an exception: clients of databases and caches quote what they were given.</summary>
internal static class StoreFault
{
    /// <summary>The exception, or one that only says what it was if its text quotes the secret.</summary>
    /// <param name="secret">What may not be shown.</param>
    /// <param name="what">What that is.</param>
    /// <param name="exception">What was thrown.</param>
    public static Exception Without(string secret, string what, Exception exception) => exception.ToString().Contains(secret, StringComparison.Ordinal)
        ? new InvalidOperationException($"The store threw {exception.GetType()}, whose text is left out: it quotes the {what}.")
        : exception;
}
