using System.Text.Json;
using Gateway.Actors.Registry;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;
using Gateway.Host.Dashboard.Requests;
using Gateway.Host.Dashboard.Traffic;

namespace Gateway.Host.Dashboard.Watching;

/// <summary>
/// Tells one watcher what happens: first the whole picture, then what changes. It looks as soon as a snapshot is published, and four times a second at
/// what no snapshot tells. There is no queue: it looks again when the watcher has taken what was written, so that a slow one sees less and holds nothing.
/// </summary>
internal sealed class WatcherFeed(
    EventStream events, RegistryView view, TrafficHistory history, RequestRing requests, AdmissionGate gate, GatewayOptions options, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Then the watcher is asked to come again, and with it the control plane asks again who it is: keys are taken back, and tokens expire.</summary>
    public static readonly TimeSpan Term = TimeSpan.FromMinutes(10);

    /// <summary>Loads move all the time; nobody reads them faster.</summary>
    private const int TicksPerFigures = 4;

    /// <summary>Requests told at once, of those that have ended since: more than a table has rows for.</summary>
    private const int MostRequests = 40;

    /// <summary>Told when the page opens.</summary>
    private const int FirstRequests = 200;

    private readonly FleetPicture _picture = new();
    private readonly List<TrafficSample> _samples = [];
    private readonly List<RequestRecord> _ended = [];
    private long _nextSample;
    private long _nextRequest;
    private bool _saidLeaving;

    /// <summary>Runs for its term, or until it is cancelled or the watcher is gone.</summary>
    /// <param name="role">What the watcher may do, so that the page offers nothing that is refused.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(KeyRole role, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, time);
        var seen = view.Current;
        _nextRequest = Math.Max(0, requests.End - FirstRequests);
        events.Write("hello"u8, json => WriteHello(json, role));
        _picture.Look(seen);
        // Also of an empty fleet: a page that comes back forgets the workers that are gone.
        events.Write("fleet"u8, _picture.Write);
        events.Write("models"u8, json => ModelsJson.Write(json, seen));
        TellTraffic();
        TellRequests(FirstRequests);
        await events.FlushAsync(cancellation);

        var tick = NextTick();
        for (var ticks = 0; time.GetElapsedTime(begun) < Term;)
        {
            await Task.WhenAny(tick, view.NextAfter(seen));
            cancellation.ThrowIfCancellationRequested();
            if (tick.IsCompleted)
            {
                tick = NextTick();
                ticks++;
            }

            var now = view.Current;
            if (now != seen || ticks % TicksPerFigures == 0)
                TellFleet(now);
            if (now != seen)
                events.Write("models"u8, json => ModelsJson.Write(json, now));
            seen = now;
            TellTraffic();
            TellRequests(MostRequests);
            TellLeaving();
            await events.FlushAsync(cancellation);
        }

        events.Write("again"u8, static _ => { });
        await events.FlushAsync(cancellation);

        Task NextTick() => timer.WaitForNextTickAsync(cancellation).AsTask();
    }

    private void WriteHello(Utf8JsonWriter json, KeyRole role)
    {
        json.WriteString("version"u8, HelpText.Version);
        json.WriteString("instance"u8, requests.Instance);
        json.WriteNumber("time"u8, time.GetUtcNow().ToUnixTimeMilliseconds());
        json.WriteString("role"u8, role.ToString().ToLowerInvariant());
        json.WriteBoolean("asks_for_key"u8, options.Security.ControlPlaneAsks);
        json.WriteBoolean("route_explain"u8, options.Security.AllowRouteExplain);
        json.WriteNumber("drain_timeout_secs"u8, options.Fleet.DrainTimeout.TotalSeconds);
        json.WriteNumber("requests_kept"u8, RequestRing.Capacity);
    }

    private void TellFleet(RegistrySnapshot fleet)
    {
        if (_picture.Look(fleet))
            events.Write("fleet"u8, _picture.Write);
    }

    private void TellTraffic()
    {
        history.Read(ref _nextSample, _samples);
        if (_samples.Count == 0)
            return;
        events.Write("traffic"u8, json =>
        {
            json.WriteStartArray("samples"u8);
            foreach (var sample in _samples)
                sample.Write(json);
            json.WriteEndArray();
        });
    }

    private void TellRequests(int most)
    {
        var missed = requests.Read(ref _nextRequest, most, _ended);
        if (missed == 0 && _ended.Count == 0)
            return;
        events.Write("requests"u8, json =>
        {
            json.WriteNumber("missed"u8, missed);
            json.WriteStartArray("requests"u8);
            foreach (var record in _ended)
                RequestJson.Write(json, record);
            json.WriteEndArray();
        });
    }

    private void TellLeaving()
    {
        if (_saidLeaving || !gate.IsLeaving)
            return;
        _saidLeaving = true;
        events.Write("leaving"u8, static _ => { });
    }
}
