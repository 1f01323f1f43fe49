namespace DpopHttp.OpenIdConnect.Errors;

/// <summary>What a store threw, fit for a log and for the cause of an exception: clients of caches quote the key that they were asked for, and a session's identifier is a secret.</summary>
internal static class StoreFault
{
    public static Exception Without(string id, Exception exception) => exception.ToString().Contains(id, StringComparison.Ordinal)
        ? new InvalidOperationException($"The store threw {exception.GetType()}, whose text is left out: it quotes the session's identifier.")
        : exception;
}
