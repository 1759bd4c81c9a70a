using Gateway.Actors.Engines;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Support;

/// <summary>A client of no engine: it knows only whether it was disposed of.</summary>
internal sealed class FakeClient : EngineClient
{
    public bool IsDisposed { get; private set; }

    public override ConnectionMode Mode => ConnectionMode.Http;

    public override Task<ProbeResult> ProbeAsync(ProbePlan plan, CancellationToken cancellation) =>
        throw new NotSupportedException("FakeEngines answers probes.");

    protected override void Dispose(bool disposing) => IsDisposed = true;
}

/// <summary>
/// Engines by URL, as the workers' actors see them. Each answers at once with <see cref="FakeEngine.Answer"/>, or keeps its callers
/// waiting until the test lets it answer.
/// </summary>
internal sealed class FakeEngines : IEngineConnector
{
    private readonly Dictionary<string, FakeEngine> _engines = [];

    public List<FakeClient> Clients { get; } = [];

    public FakeEngine this[string url]
    {
        get
        {
            if (!_engines.TryGetValue(url, out var engine))
                _engines[url] = engine = new FakeEngine();
            return engine;
        }
    }

    /// <summary>All ranks of an engine are at one address.</summary>
    public static string EngineOf(WorkerUrl url) => url.Rank is null ? url.Text : url.Text[..url.Text.LastIndexOf('@')];

    public async Task<EngineConnection> ConnectAsync(WorkerUrl url, ProbePlan plan, CancellationToken cancellation)
    {
        var engine = this[EngineOf(url)];
        engine.Connections++;
        var result = await engine.AskAsync().ConfigureAwait(false);
        if (result.Outcome != ProbeOutcome.Healthy)
            return new EngineConnection(null, result);
        var client = new FakeClient();
        Clients.Add(client);
        engine.Owned.Add(client);
        return new EngineConnection(client, result);
    }

    public Task<ProbeResult> ProbeAsync(EngineClient client, ProbePlan plan, CancellationToken cancellation)
    {
        var engine = _engines.Values.Single(engine => engine.Owned.Contains(client));
        engine.Probes++;
        return engine.AskAsync();
    }

    public Task<EngineLoadReport> ReadLoadAsync(EngineClient client, LoadPlan plan, CancellationToken cancellation)
    {
        var engine = _engines.Values.Single(engine => engine.Owned.Contains(client));
        engine.LoadReads++;
        return engine.Load is { } load ? Task.FromResult(load) : throw new InvalidOperationException("the test's engine fails");
    }
}

/// <summary>One engine's answers to probes.</summary>
internal sealed class FakeEngine
{
    private readonly Queue<TaskCompletionSource<ProbeResult>> _waiting = [];

    public ProbeResult Answer { get; set; } = Make.Healthy("m");

    /// <summary>Keeps callers waiting until <see cref="LetAnswer"/>.</summary>
    public bool IsSlow { get; set; }

    public int Connections { get; set; }

    public int Probes { get; set; }

    /// <summary>What it says of its load; null has it throw.</summary>
    public EngineLoadReport? Load { get; set; } = EngineLoadReport.Unknown("the test does not say");

    public int LoadReads { get; set; }

    public HashSet<EngineClient> Owned { get; } = [];

    public int Waiting => _waiting.Count;

    public Task<ProbeResult> AskAsync()
    {
        if (!IsSlow)
            return Task.FromResult(Answer);
        // Continuations run inline on purpose: the test decides when the answer arrives.
        var answer = new TaskCompletionSource<ProbeResult>();
        _waiting.Enqueue(answer);
        return answer.Task;
    }

    /// <summary>Answers the caller that has waited longest, with the answer as it is now or as given.</summary>
    public bool LetAnswer(ProbeResult? answer = null)
    {
        if (!_waiting.TryDequeue(out var waiting))
            return false;
        // A test runner's context would move the continuation to another thread.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        waiting.SetResult(answer ?? Answer);
        SynchronizationContext.SetSynchronizationContext(context);
        return true;
    }
}
