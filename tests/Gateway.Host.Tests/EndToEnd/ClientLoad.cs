using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>How an answer ended, as its client sees it.</summary>
internal enum Ending
{
    Whole,

    /// <summary>It broke after its first event, or first byte, and says so.</summary>
    ErrorEvent,

    /// <summary>It broke and does not say so, or it is a stream of nothing but an error, which should have been a status.</summary>
    SilentCut,
}

/// <summary>What a client got.</summary>
/// <param name="Id">Of the request.</param>
/// <param name="Engine">Name of the engine that answered; empty if the gateway did itself.</param>
/// <param name="Ended">Timestamp at which nothing more came.</param>
internal readonly record struct Answer(HttpStatusCode Status, Ending Ending, string Id, string Engine, long Ended);

/// <summary>Clients with a session each, that send one request after the other, every second one streaming, and look closely at what comes back.</summary>
internal sealed class ClientLoad : IAsyncDisposable
{
    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly ConcurrentDictionary<string, int> _streams = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly int _streamTokens;
    private readonly bool _completes;
    private readonly Task _clients;

    private ClientLoad(LiveGateway gateway, int clients, int streamTokens, bool completes)
    {
        _streamTokens = streamTokens;
        _completes = completes;
        _clients = Task.WhenAll(Enumerable.Range(0, clients).Select(i => RunAsync(gateway, session: $"session {i}", stream: i % 2 == 0)));
    }

    /// <param name="gateway">Whom to ask.</param>
    /// <param name="clients">How many, each with one request at a time.</param>
    /// <param name="streamTokens">Length of a streamed answer; a token takes 8 ms or more.</param>
    /// <param name="completes">True to have prompts completed, false to chat.</param>
    public static ClientLoad Start(LiveGateway gateway, int clients, int streamTokens = 80, bool completes = false) =>
        new(gateway, clients, streamTokens, completes);

    public static StringContent Request(bool stream, int maxTokens, string prompt = "hello") => new(
        $$"""{"model":"sim-8b","stream":{{(stream ? "true" : "false")}},"max_tokens":{{maxTokens}},"messages":[{"role":"user","content":"{{prompt}}"}]}""",
        Encoding.UTF8,
        "application/json");

    public static StringContent Completion(bool stream, int maxTokens, string prompt = "hello") => new(
        $$"""{"model":"sim-8b","stream":{{(stream ? "true" : "false")}},"max_tokens":{{maxTokens}},"prompt":"{{prompt}}"}""",
        Encoding.UTF8,
        "application/json");

    /// <summary>Streams that have begun on this engine and not ended; of engines that speak HTTP, whose answers name them.</summary>
    public int StreamsFrom(SimulatedWorker engine) => _streams.GetValueOrDefault(engine.Name);

    /// <summary>True if some answer has ended so.</summary>
    public bool HasSeen(Ending ending) => _answers.Any(answer => answer.Ending == ending);

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

    private async Task RunAsync(LiveGateway gateway, string session, bool stream)
    {
        await Task.Yield();
        for (var turn = 0; !_stop.IsCancellationRequested; turn++)
        {
            var maxTokens = stream ? _streamTokens : 20;
            using var content = _completes ? Completion(stream, maxTokens, $"{session}, turn {turn}") : Request(stream, maxTokens, $"{session}, turn {turn}");
            using var request = new HttpRequestMessage(HttpMethod.Post, _completes ? "/v1/completions" : "/v1/chat/completions") { Content = content };
            request.Headers.Add("X-Routing-Key", session);
            using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var engine = response.Headers.TryGetValues("x-simulated-engine", out var names) ? names.Single() : "";
            var isStream = stream && response.IsSuccessStatusCode;
            if (isStream)
                _streams.AddOrUpdate(engine, 1, static (_, count) => count + 1);
            var ending = await ReadAsync(response);
            _answers.Enqueue(new Answer(
                response.StatusCode, ending, response.Headers.GetValues("x-request-id").Single(), engine, Stopwatch.GetTimestamp()));
            if (isStream)
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
