using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>
/// An engine that speaks gRPC is killed and revived under load, several times at the same address. Which of the gateway's clients a request
/// came through the engine sees by its key, which is changed while the engine is dead: the next client has the new one, an old client keeps its own.
/// </summary>
public sealed class KillAndReviveTests
{
    private const int Clients = 24;
    private const int Kills = 3;
    private const int MostKills = 20;

    /// <summary>What a client says that has been disposed of.</summary>
    private const string Closed = "the connection to the engine is closed";

    [Fact]
    public async Task An_engine_killed_again_and_again_costs_no_client_an_error_before_the_first_byte_and_no_old_client_is_ever_used_again()
    {
        await using var gateway = await SimulatedGateway.StartAsync(engines: 3);
        var victim = gateway.Engines[0];
        var seen = new Sightings(victim);
        await using var load = ClientLoad.Start(gateway.Live, Clients, streamTokens: 150, completes: true);
        var old = new List<Worker>();
        // On a busy machine a kill may meet no stream that has begun.
        for (var life = 1; life <= Kills || (life <= MostKills && !load.HasSeen(Ending.ErrorEvent)); life++)
        {
            await Eventually.HoldsAsync(() => victim.Stats.Running > 2, "the victim is in the middle of some answers");
            var before = gateway.Live.EntryOf(victim).Worker;
            old.Add(before);

            await victim.CrashAsync();
            await Eventually.HoldsAsync(() => gateway.Live.EntryOf(victim).State != WorkerState.Ready, "the victim is out of routing");
            await load.ServesAsync(2 * Clients);
            await ReviveWithKeyAsync(gateway.Live, victim, seen, Key(life));

            var after = gateway.Live.EntryOf(victim).Worker;
            Assert.True(after.Epoch > before.Epoch);
            Assert.NotSame(before.Client, after.Client);
            await Eventually.HoldsAsync(() => seen.GenerationsWith(Key(life)) > 4, "the new incarnation is at work");
            await load.ServesAsync(2 * Clients);
            // Since it lived again, every request came through the client of the incarnation that lives.
            Assert.Equal([Key(life)], seen.KeysOfGenerationsSince(life));
        }

        var answers = await load.StopAsync();
        Answers.All(answers, static answer => answer.Status == HttpStatusCode.OK);
        // What the victim was streaming broke after its first byte, and says so. Everything else is whole.
        Assert.Contains(answers, static answer => answer.Ending == Ending.ErrorEvent);
        Assert.DoesNotContain(answers, static answer => answer.Ending == Ending.SilentCut);
        foreach (var worker in old)
            await AssertOverAsync(worker);
        await Eventually.HoldsAsync(
            () => gateway.Live.View.Current.Workers.Values.All(static entry => entry.Worker is { Load: 0, PendingPromptBytes: 0 }),
            "no request is counted any more");
        await Eventually.HoldsAsync(() => gateway.Engines.All(static engine => engine.Stats is { Running: 0, Waiting: 0 }), "no engine is at work any more");
    }

    [Fact]
    public async Task The_client_of_a_killed_engine_is_disposed_of_after_its_last_lease_and_not_before()
    {
        await using var gateway = await SimulatedGateway.StartAsync(engines: 1);
        var engine = gateway.Engines[0];
        var before = gateway.Live.EntryOf(engine).Worker;
        Assert.True(WorkerLease.TryAcquire(before, out var lease));

        await engine.CrashAsync();
        await Eventually.HoldsAsync(() => gateway.Live.EntryOf(engine).State != WorkerState.Ready, "the engine is out of routing");
        await engine.ReviveAsync();
        await Eventually.HoldsAsync(() => gateway.Live.EntryOf(engine).State == WorkerState.Ready, "the engine is back");

        Assert.False(WorkerLease.TryAcquire(before, out _));
        Assert.NotEqual(Closed, (await AskLoadAsync(before)).Failure);
        lease.Release(AttemptOutcome.Failure);
        await AssertOverAsync(before);
        Assert.Null((await AskLoadAsync(gateway.Live.EntryOf(engine).Worker)).Failure);
    }

    private static string Key(int life) => $"life-{life}";

    /// <summary>
    /// Brings the engine back, at first so that no probe passes: once a probe has come with the new key, whatever client the worker gets has it.
    /// </summary>
    private static async Task ReviveWithKeyAsync(LiveGateway gateway, SimulatedWorker engine, Sightings seen, string key)
    {
        engine.Faults.FailHealth();
        var id = gateway.EntryOf(engine).Worker.Id;
        using var answer = await gateway.Client.PatchAsJsonAsync(new Uri($"/workers/{id}", UriKind.Relative), new { api_key = key });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        seen.BeginLife();
        await engine.ReviveAsync();
        await Eventually.HoldsAsync(() => seen.HasProbeWith(key), "the worker's actor knows the new key");
        engine.Faults.Clear();
        await Eventually.HoldsAsync(() => gateway.EntryOf(engine).State == WorkerState.Ready, "the victim is back");
    }

    /// <summary>No lease is left, and the client has been disposed of.</summary>
    private static async Task AssertOverAsync(Worker worker)
    {
        await Eventually.HoldsAsync(() => worker is { Load: 0, PendingPromptBytes: 0, IsClosed: true }, "the old incarnation is idle");
        await Eventually.HoldsAsync(
            () => AskLoadAsync(worker).GetAwaiter().GetResult().Failure == Closed, "the old client is disposed of");
    }

    private static Task<EngineLoadReport> AskLoadAsync(Worker worker) =>
        worker.Client!.ReadLoadAsync(new LoadPlan(EngineRuntime.SgLang, TimeSpan.FromSeconds(5), ApiKey: null), CancellationToken.None);

    /// <summary>What has reached an engine, with which key, in which of its lives.</summary>
    private sealed class Sightings
    {
        private readonly ConcurrentQueue<(int Life, string Method, string? Key)> _calls = new();
        private int _life;

        public Sightings(SimulatedWorker engine) => engine.Received += request => _calls.Enqueue(
            (Volatile.Read(ref _life), request.Path[(request.Path.LastIndexOf('/') + 1)..], request.Authorization?.Replace("Bearer ", "", StringComparison.Ordinal)));

        public void BeginLife() => Interlocked.Increment(ref _life);

        public bool HasProbeWith(string key) => _calls.Any(call => call.Method != "Generate" && call.Key == key);

        public int GenerationsWith(string key) => _calls.Count(call => call.Method == "Generate" && call.Key == key);

        public IEnumerable<string?> KeysOfGenerationsSince(int life) =>
            _calls.Where(call => call.Method == "Generate" && call.Life >= life).Select(static call => call.Key).Distinct();
    }
}
