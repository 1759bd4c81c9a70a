using System.Runtime.ExceptionServices;
using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving.Tokens;

/// <summary>
/// Has one engine embed the texts of a plan, a call each and some at a time. The first call that fails ends them all, and is what failed.
/// </summary>
internal sealed class EmbeddingBatch(EmbeddingPlan plan, Worker worker, GrpcEngineClient client, DateTime deadline, TraceContext trace)
{
    /// <summary>Calls at a time. Engines batch what waits for them; a long list must not take all of their queue from others.</summary>
    public const int AtOnce = 32;

    private readonly EmbeddingResult[] _results = new EmbeddingResult[plan.Prompts.Count];
    private int _next = -1;
    private ExceptionDispatchInfo? _failure;

    /// <returns>In the order of the plan.</returns>
    /// <inheritdoc cref="GrpcEngineClient.EmbedAsync"/>
    public async Task<IReadOnlyList<EmbeddingResult>> RunAsync(CancellationToken cancellation)
    {
        if (_results.Length == 1)
            return [await EmbedAsync(0, cancellation)];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var lanes = new Task[Math.Min(AtOnce, _results.Length)];
        for (var i = 0; i < lanes.Length; i++)
            lanes[i] = RunLaneAsync(stop);
        await Task.WhenAll(lanes);
        _failure?.Throw();
        return _results;
    }

    private async Task RunLaneAsync(CancellationTokenSource stop)
    {
        try
        {
            for (var i = Interlocked.Increment(ref _next); i < _results.Length; i = Interlocked.Increment(ref _next))
                _results[i] = await EmbedAsync(i, stop.Token);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            await stop.CancelAsync();
        }
    }

    private Task<EmbeddingResult> EmbedAsync(int index, CancellationToken cancellation) => client.EmbedAsync(
        new EmbeddingRequest
        {
            RequestId = EngineRequestId.New(),
            Tokens = plan.Prompts[index],
            Task = plan.Task,
            TokenTypes = plan.TokenTypes.Count > 0 ? plan.TokenTypes[index] : default,
            DataParallelRank = worker.Spec.Url.Rank,
        },
        deadline,
        cancellation,
        trace);
}
