using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DpopHttp.Tokens.Diagnostics;

/// <summary>Measures token requests, in the meter that the proofs are counted in. Tags follow OpenTelemetry's conventions.</summary>
internal sealed class TokenTelemetry(IMeterFactory meters)
{
    private readonly Histogram<double> _duration = meters.Create("DpopHttp").CreateHistogram<double>(
        "dpop.client.token.request.duration", "s", "Time to get one token, with all attempts for it.");

    /// <summary>Called with the time at which the request began, see <see cref="Stopwatch.GetTimestamp"/>, and with what it failed of, if it did.</summary>
    public void Requested(Uri server, long began, DpopException? failure)
    {
        if (!_duration.Enabled)
        {
            return;
        }

        TagList tags = new() { { "server.address", server.IdnHost }, { "server.port", server.Port } };
        if (failure is not null)
        {
            tags.Add("error.type", failure.Code);
        }

        _duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
    }
}
