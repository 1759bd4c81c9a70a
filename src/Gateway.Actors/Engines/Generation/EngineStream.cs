using Grpc.Core;

namespace Gateway.Actors.Engines.Generation;

/// <summary>A running call that generates, whatever the engine's messages are.</summary>
internal abstract class EngineStream : IDisposable
{
    /// <summary>True once each choice has had its last step.</summary>
    public abstract bool IsFinished { get; }

    /// <exception cref="RpcException">The call failed.</exception>
    public abstract Task<bool> MoveNext(CancellationToken cancellation);

    /// <summary>Reads the message that came last.</summary>
    /// <returns>False if it says nothing new.</returns>
    public abstract bool TryRead(out GenerationStep step);

    public abstract void Dispose();
}

/// <inheritdoc/>
/// <param name="call">The call, which it owns.</param>
/// <param name="reader">Understands the messages.</param>
internal sealed class EngineStream<TMessage>(AsyncServerStreamingCall<TMessage> call, StepReader<TMessage> reader) : EngineStream
{
    public override bool IsFinished => reader.Choices.IsFinished;

    public override Task<bool> MoveNext(CancellationToken cancellation) => call.ResponseStream.MoveNext(cancellation);

    public override bool TryRead(out GenerationStep step) => reader.TryRead(call.ResponseStream.Current, out step);

    public override void Dispose() => call.Dispose();
}

/// <summary>Turns one engine's messages into steps.</summary>
/// <param name="request">What was asked.</param>
internal abstract class StepReader<TMessage>(GenerationRequest request)
{
    public ChoiceLedger Choices { get; } = new(Math.Max(1, request.Sampling.Choices));

    protected GenerationRequest Request => request;

    /// <returns>False if the message says nothing new.</returns>
    public abstract bool TryRead(TMessage message, out GenerationStep step);
}
