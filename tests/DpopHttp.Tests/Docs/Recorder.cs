using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace DpopHttp.Tests.Docs;

/// <summary>Notes which instruments and activities of the library there are, and with which tags they come, for the calls of one test.</summary>
internal sealed class Recorder : IDisposable
{
    private static readonly AsyncLocal<bool> IsRecorded = new();

    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;
    private readonly ConcurrentDictionary<string, byte> _instruments = [];
    private readonly ConcurrentDictionary<string, byte> _spans = [];
    private readonly ConcurrentDictionary<(string Of, string Name, string Value), byte> _tags = [];

    public Recorder()
    {
        IsRecorded.Value = true;
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "DpopHttp")
            {
                _instruments.TryAdd($"{instrument.Name} {instrument.GetType().Name.Split('`')[0]} {instrument.Unit}", 0);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument.Name, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument.Name, tags));
        _meters.Start();

        // Other tests run at the same time: their calls are not to be traced because of this one.
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "DpopHttp",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => IsRecorded.Value ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                _spans.TryAdd(activity.OperationName, 0);
                Note(activity.OperationName, [.. activity.TagObjects]);
            },
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public IEnumerable<string> Instruments => _instruments.Keys;

    public IEnumerable<string> Activities => _spans.Keys.Order(StringComparer.Ordinal);

    public IEnumerable<(string Name, string Value)> Values => _tags.Keys.Select(tag => (tag.Name, tag.Value));

    public IEnumerable<string> TagsOf(string instrument) =>
        _tags.Keys.Where(tag => tag.Of == instrument).Select(tag => tag.Name).Distinct().Order(StringComparer.Ordinal);

    public void Stop()
    {
        _meters.Dispose();
        _activities.Dispose();
        IsRecorded.Value = false;
    }

    public void Dispose() => Stop();

    private void Note(string of, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach ((string name, object? value) in tags)
        {
            _tags.TryAdd((of, name, Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""), 0);
        }
    }
}
