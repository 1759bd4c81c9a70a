using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Gateway.Actors.Workers;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>Real engines are killed and revived under load, as a node failure does it, and the clients' side is looked at.</summary>
public sealed class KillAndReviveTests
{
    private const int Clients = 32;

    [Fact]
    public async Task An_engine_killed_under_load_costs_no_client_an_error_before_the_first_byte()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 4);
        var victim = gateway.Engines.Workers[0];
        var before = gateway.EntryOf(victim).Worker;
        await using var load = Load.Start(gateway, Clients);
        await Eventually.HoldsAsync(() => load.StreamsFrom(victim) > 2, "the victim is in the middle of some streams");

        await victim.CrashAsync();
        await Eventually.HoldsAsync(() => gateway.EntryOf(victim).State != WorkerState.Ready, "the victim is out of routing");
        await load.ServesAsync(4 * Clients);
        await victim.ReviveAsync();
        await Eventually.HoldsAsync(() => gateway.EntryOf(victim).State == WorkerState.Ready, "the victim is back");
        var after = gateway.EntryOf(victim).Worker;
        await Eventually.HoldsAsync(() => after.Load > 2, "the new incarnation is at work");
        await load.ServesAsync(4 * Clients);

        Assert.True(after.Epoch > before.Epoch);
        Assert.NotSame(before.Client, after.Client);
        var answers = await load.StopAsync();
        Assert.All(answers, static answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        // What was running on the victim broke after its first byte, and says so. Everything else is whole.
        Assert.Contains(answers, static answer => answer.Ending == Ending.ErrorEvent);
        Assert.DoesNotContain(answers, static answer => answer.Ending == Ending.SilentCut);
        await Eventually.HoldsAsync(() => before.Load == 0, "the old incarnation is idle");
        await Eventually.HoldsAsync(
            () => gateway.View.Current.Workers.Values.All(static entry => entry.Worker.Load == 0), "no request is counted any more");
    }

    [Fact]
    public async Task With_all_engines_dead_the_answer_is_503_and_with_one_back_it_is_200()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 2);
        foreach (var engine in gateway.Engines.Workers)
            await engine.CrashAsync();
        // The first requests find out; whatever they find, the answer is an error in OpenAI's shape and soon a 503.
        await Eventually.HoldsAsync(() => gateway.Ready == 0 || Probe(gateway).GetAwaiter().GetResult() != HttpStatusCode.OK, "requests fail");
        await Eventually.HoldsAsync(() => gateway.Ready == 0, "both are out of routing");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Probe(gateway));
        await gateway.Engines.Workers[1].ReviveAsync();
        await Eventually.HoldsAsync(() => gateway.Ready == 1, "one is back");
        Assert.Equal(HttpStatusCode.OK, await Probe(gateway));
    }

    private static async Task<HttpStatusCode> Probe(LiveGateway gateway)
    {
        using var answer = await gateway.Client.PostAsync(
            new Uri("/v1/chat/completions", UriKind.Relative), Load.Request(stream: false, maxTokens: 2));
        return answer.StatusCode;
    }

    private enum Ending
    {
        Whole,
        ErrorEvent,
        SilentCut,
    }

    private readonly record struct Answer(HttpStatusCode Status, Ending Ending);

    /// <summary>Clients that send one request after the other, every second one streaming, and look closely at what comes back.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly ConcurrentQueue<Answer> _answers = new();
        private readonly ConcurrentDictionary<string, int> _streams = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _clients;

        private Load(LiveGateway gateway, int clients) =>
            _clients = Task.WhenAll(Enumerable.Range(0, clients).Select(i => RunAsync(gateway, stream: i % 2 == 0)));

        public static Load Start(LiveGateway gateway, int clients) => new(gateway, clients);

        public static StringContent Request(bool stream, int maxTokens) => new(
            $$"""{"model":"sim-8b","stream":{{(stream ? "true" : "false")}},"max_tokens":{{maxTokens}},"messages":[{"role":"user","content":"hello"}]}""",
            Encoding.UTF8,
            "application/json");

        /// <summary>Streams that have begun on this engine and not ended.</summary>
        public int StreamsFrom(SimulatedWorker engine) => _streams.GetValueOrDefault(engine.Name);

        /// <summary>Waits until so many more requests have ended.</summary>
        public Task ServesAsync(int more)
        {
            var target = _answers.Count + more;
            return Eventually.HoldsAsync(() => _answers.Count >= target, "the load goes on");
        }

        public async Task<Answer[]> StopAsync()
        {
            await _stop.CancelAsync();
            await _clients;
            return [.. _answers];
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stop.Dispose();
        }

        private async Task RunAsync(LiveGateway gateway, bool stream)
        {
            await Task.Yield();
            while (!_stop.IsCancellationRequested)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Request(stream, stream ? 80 : 20) };
                using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                var engine = stream && response.IsSuccessStatusCode ? response.Headers.GetValues("x-simulated-engine").Single() : "";
                _streams.AddOrUpdate(engine, 1, static (_, count) => count + 1);
                _answers.Enqueue(new Answer(response.StatusCode, await ReadAsync(response)));
                _streams.AddOrUpdate(engine, 0, static (_, count) => count - 1);
            }
        }

        private static async Task<Ending> ReadAsync(HttpResponseMessage response)
        {
            try
            {
                var text = await response.Content.ReadAsStringAsync();
                if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
                    return text.EndsWith('}') ? Ending.Whole : Ending.SilentCut;
                var isDone = text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal);
                var hasError = text.Contains("\ndata: {\"error\":", StringComparison.Ordinal);
                return (isDone, hasError) switch
                {
                    (true, false) => Ending.Whole,
                    (false, true) => Ending.ErrorEvent,
                    _ => Ending.SilentCut,
                };
            }
            catch (HttpRequestException) when (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            {
                // A body that is no stream cannot say that it broke but by breaking: that is no silent cut.
                return Ending.ErrorEvent;
            }
        }
    }
}
