namespace LoopbackServers;

/// <summary>How a <see cref="LoopbackAuthorizationServer"/> works.</summary>
public sealed class LoopbackAuthorizationServerOptions
{
    /// <summary>How long a token is good. Default: 5 minutes.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the nonce changes; the one before stays accepted for as long again. Default: 5 minutes.</summary>
    public TimeSpan NonceInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The API that tokens are for, their <c>aud</c>. Default: "orders-api".</summary>
    public string Audience { get; init; } = "orders-api";

    /// <summary>The only scope there is, granted whether asked for or not. Default: "orders".</summary>
    public string Scope { get; init; } = "orders";

    /// <summary>The port to listen on. Default: 0, for one that the system picks.</summary>
    public int Port { get; init; }

    /// <summary>The secret of the client. Default: null, for one that is made at run time.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Called for each exchange before its answer leaves, from any thread. Default: none.</summary>
    public Action<LoopbackExchange>? OnExchange { get; init; }

    /// <summary>The server's clock. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
