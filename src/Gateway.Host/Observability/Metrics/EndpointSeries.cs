using System.Diagnostics.Metrics;
using Gateway.Host.Serving;
using Gateway.Host.Serving.Tokens.Answers;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Gateway.Host.Observability.Metrics;

/// <summary>What series are told apart by.</summary>
/// <param name="Endpoint">Its path's pattern.</param>
/// <param name="Model">A model of the registry, or <see cref="LabelBound.Other"/>.</param>
/// <param name="Stream">Whether the client has asked for a stream.</param>
internal readonly record struct SeriesKey(string Endpoint, string Model, bool Stream);

/// <summary>
/// Counts the requests of one endpoint for one model. Its labels are made once, and its counters are plain words that are read when somebody
/// looks, so that a request allocates nothing and waits for nobody.
/// </summary>
internal sealed class EndpointSeries
{
    private readonly GenerationInstruments _instruments;
    private readonly SmgInstruments? _smg;
    private readonly double _secondsPerTick;
    private readonly long[] _ended = new long[StatusClasses.Words.Count];
    private readonly Tag[] _genAi;
    private readonly Tag[] _genAiInput;
    private readonly Tag[] _genAiOutput;
    private readonly Tag[] _own;
    private readonly Tag[] _smgTags;
    private readonly Tag _smgPath;
    private long _active;
    private long _retries;
    private long _retriesExhausted;
    private long _inputTokens;
    private long _outputTokens;
    private long _cachedTokens;
    private long _reasoningTokens;

    public EndpointSeries(SeriesKey key, GenerationInstruments instruments, SmgInstruments? smg, double secondsPerTick)
    {
        Key = key;
        _instruments = instruments;
        _smg = smg;
        _secondsPerTick = secondsPerTick;
        _genAi =
        [
            new("gen_ai.operation.name", Operation.Of(key.Endpoint)),
            new("gen_ai.provider.name", "model_gateway"),
            new("gen_ai.request.model", key.Model),
        ];
        _genAiInput = [.. _genAi, new("gen_ai.token.type", "input")];
        _genAiOutput = [.. _genAi, new("gen_ai.token.type", "output")];
        _own = [new("endpoint", key.Endpoint), new("model", key.Model)];
        _smgTags = SmgInstruments.TagsOf(key);
        _smgPath = new("path", key.Endpoint);
    }

    public SeriesKey Key { get; }

    /// <summary>Requests in the gateway now.</summary>
    public long Active => Volatile.Read(ref _active);

    public long Retries => Volatile.Read(ref _retries);

    /// <summary>Requests that have failed in spite of retries.</summary>
    public long RetriesExhausted => Volatile.Read(ref _retriesExhausted);

    public long InputTokens => Volatile.Read(ref _inputTokens);

    public long OutputTokens => Volatile.Read(ref _outputTokens);

    public long CachedTokens => Volatile.Read(ref _cachedTokens);

    public long ReasoningTokens => Volatile.Read(ref _reasoningTokens);

    public long Ended(StatusClass status) => Volatile.Read(ref _ended[(int)status]);

    public void Enter() => Interlocked.Increment(ref _active);

    public void Leave() => Interlocked.Decrement(ref _active);

    /// <summary>A piece of the engine's answer has come that was waited for.</summary>
    public void Arrived(ref ExchangeTimes times, long now, bool stream)
    {
        if (times.FirstPieceAt == 0)
            times.FirstPieceAt = now;
        else if (stream)
            _instruments.Gap.Record((now - times.LastPieceAt) * _secondsPerTick, _genAi);
        times.LastPieceAt = now;
    }

    /// <summary>An engine has answered an attempt over HTTP.</summary>
    public void Answered(int status) => _smg?.Responses.Answered(status);

    /// <summary>A request has ended.</summary>
    public void End(Exchange exchange, StatusClass status, long now)
    {
        Interlocked.Increment(ref _ended[(int)status]);
        ref var times = ref exchange.Times;
        var total = now - exchange.StartTimestamp;
        _smg?.HttpDuration.Record(total * _secondsPerTick, _smgPath);
        if (times.Queue > 0)
        {
            _instruments.Queue.Record(times.Queue * _secondsPerTick, _own);
            _smg?.QueueWait.Record(times.Queue * _secondsPerTick, AdmissionCounts.ClassOf(exchange.Priority));
        }

        if (exchange.Attempts == 0)
            return;
        if (exchange.Attempts > 1)
        {
            Interlocked.Add(ref _retries, exchange.Attempts - 1);
            if (status is StatusClass.ServerError)
                Interlocked.Increment(ref _retriesExhausted);
        }

        _instruments.Duration.Record(total * _secondsPerTick, _genAi);
        _instruments.Overhead.Record(Math.Max(0, total - times.Waits) * _secondsPerTick, _own);
        _smg?.Duration.Record(total * _secondsPerTick, _smgTags);
        if (exchange.Tokens is { } tokens)
            Count(tokens);
        if (Key.Stream && times.FirstPieceAt != 0)
            RecordStream(exchange, times);
    }

    private void Count(in Usage tokens)
    {
        Interlocked.Add(ref _inputTokens, tokens.PromptTokens);
        _instruments.Tokens.Record(tokens.PromptTokens, _genAiInput);
        if (tokens.CachedTokens > 0)
            Interlocked.Add(ref _cachedTokens, tokens.CachedTokens);
        if (tokens.CompletionTokens == 0)
            return;
        Interlocked.Add(ref _outputTokens, tokens.CompletionTokens);
        _instruments.Tokens.Record(tokens.CompletionTokens, _genAiOutput);
        if (tokens.ReasoningTokens > 0)
            Interlocked.Add(ref _reasoningTokens, tokens.ReasoningTokens);
    }

    private void RecordStream(Exchange exchange, in ExchangeTimes times)
    {
        var first = (times.FirstPieceAt - exchange.StartTimestamp) * _secondsPerTick;
        _instruments.FirstToken.Record(first, _genAi);
        _smg?.FirstToken.Record(first, _smgTags);
        _smg?.Generation.Record((times.LastPieceAt - exchange.StartTimestamp) * _secondsPerTick, _smgTags);
        if (exchange.Tokens is not { CompletionTokens: > 1 } tokens)
            return;
        var each = (times.LastPieceAt - times.FirstPieceAt) * _secondsPerTick / (tokens.CompletionTokens - 1);
        _instruments.PerToken.Record(each, _genAi);
        _smg?.PerToken.Record(each, _smgTags);
    }
}
