using DpopHttp.Verification;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.AspNetCore;

/// <summary>What one scheme keeps from request to request: the verifier with its memories, and the nonces.</summary>
internal sealed class ProtectedScheme
{
    public ProtectedScheme(
        string name,
        InnerHandlerType handlerType,
        IOptionsMonitor<DpopAuthenticationOptions> options,
        ServerTelemetry telemetry,
        NonceSource nonces,
        IServiceProvider services)
    {
        Name = name;
        HandlerType = handlerType;
        Telemetry = telemetry;
        Options = options.Get(name);
        TimeProvider clock = Options.TimeProvider ?? services.GetService<TimeProvider>() ?? TimeProvider.System;
        Nonces = nonces.Create(Options, clock);
        PublicOrigin = Options.PublicOrigin?.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');
        string[] algorithms = Options.Algorithms.Count == 0 ? [.. DpopProofVerifier.SupportedAlgorithms] : [.. Options.Algorithms.Distinct()];
        AlgorithmNames = string.Join(' ', algorithms);
        Verifier = CreateVerifier(algorithms, clock, CreateStore(Options, services.GetService<DpopReplayStore>(), clock));
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

    private DpopProofVerifier CreateVerifier(string[] algorithms, TimeProvider clock, DpopReplayStore? store) => new()
    {
        Algorithms = new HashSet<string>(algorithms, StringComparer.Ordinal),
        MaxAge = Options.ProofLifetime + Options.ClockSkew,
        MaxFutureSkew = Options.ClockSkew,
        MaximumProofLength = Options.MaximumProofLength,
        TimeProvider = clock,
        ReplayStore = store,
    };

    private static DpopReplayStore? CreateStore(DpopAuthenticationOptions options, DpopReplayStore? registered, TimeProvider clock) =>
        options.Replay switch
        {
            DpopReplayDetection.Off => null,
            DpopReplayDetection.Memory => new DpopMemoryReplayStore(options.MaximumReplayEntries, clock),
            _ => registered ?? new DpopMemoryReplayStore(options.MaximumReplayEntries, clock),
        };
}
