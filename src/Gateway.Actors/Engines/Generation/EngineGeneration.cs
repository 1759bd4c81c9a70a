using System.Runtime.CompilerServices;
using Gateway.Actors.Engines.Channels;
using Grpc.Core;

namespace Gateway.Actors.Engines.Generation;

/// <summary>One generation on one engine, from its call to its end or abort.</summary>
/// <param name="stream">The call.</param>
/// <param name="channel">Where it runs; entered.</param>
/// <param name="requestId">What to abort.</param>
/// <param name="aborts">Where to say so.</param>
/// <param name="cancellation">The token of the call.</param>
internal sealed class EngineGeneration(
    EngineStream stream, EngineChannel channel, string requestId, AbortQueue aborts, CancellationToken cancellation) : IGeneration
{
    private GenerationStep _current;
    private volatile bool _isOver;
    private int _isDisposed;

    public GenerationStep Current => _current;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            bool isThere;
            try
            {
                isThere = await stream.MoveNext(cancellation).ConfigureAwait(false);
            }
            catch (RpcException) when (stream.IsFinished)
            {
                // What happens to the connection after the last step is nobody's concern.
                isThere = false;
            }
            catch (RpcException exception)
            {
                throw Failed(exception, cancellation);
            }
            catch (ObjectDisposedException exception)
            {
                throw new OperationCanceledException("The generation was disposed of.", exception);
            }

            if (!isThere)
            {
                if (!stream.IsFinished)
                    throw new EngineException(EngineFault.Unreachable, "the engine's answer ended before its last token");
                _isOver = true;
                return false;
            }

            if (stream.TryRead(out _current))
                return true;
        }
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return ValueTask.CompletedTask;
        if (!_isOver && !stream.IsFinished)
            aborts.Add(requestId);
        stream.Dispose();
        channel.Exit();
        return ValueTask.CompletedTask;
    }

    private Exception Failed(RpcException exception, CancellationToken reading)
    {
        var isCancelled = reading.IsCancellationRequested || cancellation.IsCancellationRequested || Volatile.Read(ref _isDisposed) != 0;
        // An engine that has refused or failed has nothing left to abort; one that cannot be heard, or was not waited for, may go on.
        _isOver = !isCancelled && EngineStatus.FaultOf(exception) is not (EngineFault.Unreachable or EngineFault.Timeout);
        return EngineStatus.ToException(exception, isCancelled);
    }
}
