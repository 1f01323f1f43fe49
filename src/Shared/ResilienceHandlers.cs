namespace DpopHttp.Shared;

/// <summary>The handlers of Microsoft.Extensions.Http.Resilience and Microsoft.Extensions.Http.Polly, by name: no package of ours depends on those.</summary>
internal static class ResilienceHandlers
{
    private static readonly string[] Names = ["Microsoft.Extensions.Http.Resilience.ResilienceHandler", "Microsoft.Extensions.Http.PolicyHttpMessageHandler"];

    /// <summary>
    /// Takes them off a client that talks to an authorization server. Most come from ConfigureHttpClientDefaults and are meant for APIs: here they would send again, after
    /// seconds, a code or a refresh token that is good once.
    /// </summary>
    public static void Remove(IList<DelegatingHandler> handlers)
    {
        for (int i = handlers.Count - 1; i >= 0; i--)
        {
            if (Is(handlers[i]))
            {
                handlers.RemoveAt(i);
            }
        }
    }

    private static bool Is(DelegatingHandler handler)
    {
        for (Type? type = handler.GetType(); type is not null; type = type.BaseType)
        {
            if (Names.Contains(type.FullName))
            {
                return true;
            }
        }

        return false;
    }
}
