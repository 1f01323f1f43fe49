namespace LoopbackServers;

/// <summary>How a <see cref="LoopbackApi"/> works.</summary>
public sealed class LoopbackApiOptions
{
    /// <summary>The authorization server whose tokens are accepted. Its keys are fetched when the API starts.</summary>
    public required string Issuer { get; init; }

    /// <summary>This API's name, the <c>aud</c> that a token must have. Default: "orders-api".</summary>
    public string Audience { get; init; } = "orders-api";

    /// <summary>The scope that a token must have. Default: "orders".</summary>
    public string Scope { get; init; } = "orders";

    /// <summary>How often the nonce changes; the one before stays accepted for as long again. Default: 5 minutes.</summary>
    public TimeSpan NonceInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Called for each exchange before its answer leaves, from any thread. Default: none.</summary>
    public Action<LoopbackExchange>? OnExchange { get; init; }

    /// <summary>The server's clock. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
