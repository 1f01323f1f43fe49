namespace DpopHttp.Tokens.DependencyInjection;

/// <summary>How a named client gets its tokens, or shows who it is where it gets them. A client has one way: a second one is a fault at start-up.</summary>
internal sealed class TokenRegistration
{
    public HashSet<string> Grants { get; } = [];

    /// <summary>Whether the client asks for another one's tokens.</summary>
    public bool IsBackChannel { get; set; }

    /// <summary>Makes the handler that gives requests their credentials. Null, or null from it: they need none.</summary>
    public Func<DelegatingHandler?>? CreateHandler { get; set; }

    /// <summary>Makes the handler that completes each attempt on the wire. Null: there is nothing to complete.</summary>
    public Func<DelegatingHandler>? CreateAttemptHandler { get; set; }
}
