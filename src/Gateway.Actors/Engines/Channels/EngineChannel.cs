using Grpc.Core;
using Grpc.Net.Client;

namespace Gateway.Actors.Engines.Channels;

/// <summary>One gRPC channel to an engine, with the number of calls on it.</summary>
internal sealed class EngineChannel(GrpcChannel channel) : IDisposable
{
    private int _calls;

    public CallInvoker Invoker { get; } = channel.CreateCallInvoker();

    /// <summary>Calls that run on it now.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public void Enter() => Interlocked.Increment(ref _calls);

    public void Exit() => Interlocked.Decrement(ref _calls);

    public void Dispose() => channel.Dispose();
}
