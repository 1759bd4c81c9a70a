using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>A request that has come to an engine, and when.</summary>
internal readonly record struct Visit(SimulatedWorker Engine, long At);

/// <summary>The attempts of one request.</summary>
/// <param name="Count">How many there were, as the access log says.</param>
/// <param name="Visits">Those that reached an engine, as the engines say.</param>
/// <param name="Failed">The engines to which the connection failed, each time it did, as the gateway's log says.</param>
internal sealed record Attempts(int Count, IReadOnlyList<Visit> Visits, IReadOnlyList<SimulatedWorker> Failed)
{
    /// <summary>
    /// True if no engine was asked twice. Each attempt was seen by its engine, or its connection is known to have failed, or both; so there
    /// are as many engines as attempts only if every attempt was made on another one. The order in which the two records were written
    /// does not matter.
    /// </summary>
    public bool WereEachOnAnotherEngine =>
        Visits.Select(static visit => visit.Engine).Concat(Failed).Distinct().Count() == Count
        && Visits.DistinctBy(static visit => visit.Engine).Count() == Visits.Count
        && Failed.Distinct().Count() == Failed.Count;

    public override string ToString() =>
        $"{Count} attempts, came to {string.Join(' ', Visits.Select(static visit => visit.Engine.Name))}, failed on {string.Join(' ', Failed.Select(static engine => engine.Name))}";
}

/// <summary>Where requests have been, from two sides: engines tell what reached them, the gateway's log what did not.</summary>
internal sealed partial class AttemptRecord
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Visit>> _visits = new();
    private readonly LiveGateway _gateway;
    private readonly CapturedLogs _logs;

    public AttemptRecord(LiveGateway gateway)
    {
        _gateway = gateway;
        _logs = gateway.CaptureLogs();
        foreach (var engine in gateway.Engines.Workers)
            engine.Received += Note;
    }

    /// <summary>True if a request has come to an engine.</summary>
    public bool HasReachedAnEngine(string requestId) => _visits.ContainsKey(requestId);

    /// <summary>The attempts of each request, once so many requests have been logged. A line may be written just after the client has its answer.</summary>
    public async Task<IReadOnlyDictionary<string, Attempts>> ReadAsync(int requests)
    {
        await Eventually.HoldsAsync(() => _logs.Lines.Count(static line => Access().IsMatch(line)) >= requests, "all requests are logged");
        var engines = _gateway.Engines.Workers.ToDictionary(static engine => engine.Port);
        var lines = _logs.Lines.ToArray();
        var failed = lines.Select(static line => Failure().Match(line)).Where(static match => match.Success).ToLookup(
            static match => match.Groups["id"].Value,
            match => engines[new Uri(match.Groups["url"].Value).Port]);
        return lines.Select(static line => Access().Match(line)).Where(static match => match.Success).ToDictionary(
            static match => match.Groups["id"].Value,
            match => new Attempts(
                int.Parse(match.Groups["attempts"].Value, CultureInfo.InvariantCulture),
                _visits.TryGetValue(match.Groups["id"].Value, out var visits) ? [.. visits] : [],
                [.. failed[match.Groups["id"].Value]]));
    }

    private void Note(ReceivedRequest request)
    {
        if (request.Id is { } id)
            _visits.GetOrAdd(id, static _ => new ConcurrentQueue<Visit>()).Enqueue(new Visit(request.Worker, Stopwatch.GetTimestamp()));
    }

    [GeneratedRegex(@"AccessLog: POST /v1/\S+ .* attempts=(?<attempts>\d+) id=(?<id>\S+)")]
    private static partial Regex Access();

    [GeneratedRegex(@"Worker (?<url>\S+) failed before the first byte of request (?<id>\S+):")]
    private static partial Regex Failure();
}
