using DpopHttp.Verification;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.AspNetCore;

/// <summary>What one scheme keeps from request to request: the verifier with its memories, and the nonces.</summary>
internal sealed class ProtectedScheme
{
    private readonly DpopMemoryReplayStore? _memory;

    public ProtectedScheme(
        string name,
        InnerHandlerType handlerType,
        DpopAuthenticationOptions options,
        ServerTelemetry telemetry,
        NonceSource nonces,
        IServiceProvider services,
        ProtectedScheme? former)
    {
        Name = name;
        HandlerType = handlerType;
        Telemetry = telemetry;
        Options = options;
        TimeProvider clock = Options.TimeProvider ?? services.GetService<TimeProvider>() ?? TimeProvider.System;
        Nonces = nonces.Create(Options, clock);
        PublicOrigin = Options.PublicOrigin is { } origin ? WireTextOf(origin) : null;
        string[] algorithms = Options.Algorithms.Count == 0 ? [.. DpopProofVerifier.SupportedAlgorithms] : [.. Options.Algorithms.Distinct()];
        AlgorithmNames = string.Join(' ', algorithms);
        DpopReplayStore? shared = options.Replay == DpopReplayDetection.Memory ? null : services.GetService<DpopReplayStore>();

        // With new options, used proofs are still known.
        _memory = former?._memory ?? (shared is null ? new DpopMemoryReplayStore(options.MaximumReplayEntries, clock) : null);
        Verifier = CreateVerifier(algorithms, clock, options.Replay == DpopReplayDetection.Off ? null : shared ?? _memory);
        VerifierWithoutStore = CreateVerifier(algorithms, clock, null);
    }

    public string Name { get; }

    public InnerHandlerType HandlerType { get; }

    public DpopAuthenticationOptions Options { get; }

    public DpopProofVerifier Verifier { get; }

    /// <summary>For a store that has failed, where that is allowed.</summary>
    public DpopProofVerifier VerifierWithoutStore { get; }

    public IServerNonces Nonces { get; }

    public ServerTelemetry Telemetry { get; }

    /// <summary>Without a slash at its end; null when the request says where it came to.</summary>
    public string? PublicOrigin { get; }

    /// <summary>As challenges name them, divided by spaces.</summary>
    public string AlgorithmNames { get; }

    // A host name in Unicode goes over the wire, and into htu, in ASCII.
    private static string WireTextOf(Uri origin) => new UriBuilder(origin) { Host = origin.IdnHost }.Uri
        .GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');

    private DpopProofVerifier CreateVerifier(string[] algorithms, TimeProvider clock, DpopReplayStore? store) => new()
    {
        Algorithms = new HashSet<string>(algorithms, StringComparer.Ordinal),
        MaxAge = Options.ProofLifetime + Options.ClockSkew,
        MaxFutureSkew = Options.ClockSkew,
        MaximumProofLength = Options.MaximumProofLength,
        TimeProvider = clock,
        ReplayStore = store,
    };
}
