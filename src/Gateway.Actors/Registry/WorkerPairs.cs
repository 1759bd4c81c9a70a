using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>
/// The workers of a model that do generations in halves, by kind: the halves of a pair speak the same protocol and run the same engine,
/// since engines of different kinds cannot pass a KV cache on. Workers that no other half fits are in none. Immutable.
/// </summary>
public sealed class WorkerPairs
{
    private readonly Worker[] _prefill;
    private readonly Worker[] _decode;
    private readonly Kind[] _kinds;

    private WorkerPairs(Kind[] kinds, Worker[] prefill, Worker[] decode)
    {
        _kinds = kinds;
        _prefill = prefill;
        _decode = decode;
    }

    public static WorkerPairs None { get; } = new([], [], []);

    public bool IsEmpty => _kinds.Length == 0;

    /// <summary>How many kinds of pairs there are; nearly always one.</summary>
    public int Kinds => _kinds.Length;

    /// <summary>Prefill workers of all kinds, in order of registration.</summary>
    public ReadOnlySpan<Worker> Prefill => _prefill;

    /// <summary>Decode workers of all kinds, in order of registration.</summary>
    public ReadOnlySpan<Worker> Decode => _decode;

    /// <summary>True if some pair is spoken to over gRPC, and takes tokens.</summary>
    public bool TakeTokens => Array.Exists(_kinds, static kind => kind.Mode == ConnectionMode.Grpc);

    public ReadOnlySpan<Worker> PrefillOf(int kind) => _kinds[kind].Prefill;

    public ReadOnlySpan<Worker> DecodeOf(int kind) => _kinds[kind].Decode;

    /// <summary>The decode workers that fit a prefill worker of these pairs.</summary>
    public ReadOnlySpan<Worker> DecodeFor(Worker prefill)
    {
        ArgumentNullException.ThrowIfNull(prefill);
        foreach (var kind in _kinds)
        {
            if (kind.Fits(prefill))
                return kind.Decode;
        }

        return [];
    }

    internal static WorkerPairs Of(Worker[] prefill, Worker[] decode)
    {
        var kinds = new List<Kind>();
        foreach (var worker in prefill)
        {
            if (kinds.Exists(kind => kind.Fits(worker)))
                continue;
            var kind = new Kind(worker.Facts.Mode, RuntimeOf(worker), [], []);
            kind = kind with { Prefill = Array.FindAll(prefill, kind.Fits), Decode = Array.FindAll(decode, kind.Fits) };
            if (kind.Decode.Length > 0)
                kinds.Add(kind);
        }

        return new WorkerPairs(
            [.. kinds],
            Array.FindAll(prefill, worker => kinds.Exists(kind => kind.Fits(worker))),
            Array.FindAll(decode, worker => kinds.Exists(kind => kind.Fits(worker))));
    }

    /// <summary>Over HTTP, an engine that does not say what it is is taken for SGLang, whose pairs the gateway serves there.</summary>
    private static EngineRuntime RuntimeOf(Worker worker) =>
        worker.Facts is { Mode: ConnectionMode.Http, Runtime: EngineRuntime.Unspecified or EngineRuntime.External }
            ? EngineRuntime.SgLang
            : worker.Facts.Runtime;

    private sealed record Kind(ConnectionMode Mode, EngineRuntime Runtime, Worker[] Prefill, Worker[] Decode)
    {
        public bool Fits(Worker worker) => worker.Facts.Mode == Mode && RuntimeOf(worker) == Runtime;
    }
}
