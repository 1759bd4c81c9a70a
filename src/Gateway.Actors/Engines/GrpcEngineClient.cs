using System.Runtime.CompilerServices;
using Gateway.Actors.Engines.Administration;
using Gateway.Actors.Engines.Channels;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Engines.Tokenizers;
using Gateway.Actors.Workers;
using Gateway.Wire.Common;
using Grpc.Core;

namespace Gateway.Actors.Engines;

/// <summary>
/// The gRPC connections to one worker, and what is said over them. Which engine it is is found by the first probe that passes and stays as it
/// is: another engine at the same address is another incarnation.
/// </summary>
public sealed class GrpcEngineClient : EngineClient
{
    /// <summary>An engine that can be told at all is told in this time.</summary>
    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(2);

    private readonly EngineChannels _channels;
    private readonly AbortQueue _aborts;
    private readonly WriteOnce<IEngineProtocol> _protocol = new();
    private volatile EngineDefaults _defaults = EngineDefaults.None;
    private volatile CallMetadata _metadata = CallMetadata.None;
    private int _isDisposed;

    public GrpcEngineClient(Uri address, TimeSpan connectTimeout)
        : this(address, new EngineDialing(connectTimeout))
    {
    }

    public GrpcEngineClient(Uri address, EngineDialing dialing)
    {
        _channels = new EngineChannels(address, dialing);
        _aborts = new AbortQueue(AbortAsync);
    }

    public override ConnectionMode Mode => ConnectionMode.Grpc;

    /// <summary>The engine; unspecified as long as no probe has passed.</summary>
    public EngineRuntime Runtime => _protocol.Value?.Runtime ?? EngineRuntime.Unspecified;

    /// <summary>How the engine does generations in halves, with another of its kind; null if it cannot.</summary>
    public IPairing? Pairing => _protocol.Value?.Pairing;

    /// <summary>Generations that have ended early, and of which the engine was to be told.</summary>
    public long Aborts => _aborts.Added;

    /// <summary>Aborts that did not reach the engine.</summary>
    public long FailedAborts => _aborts.Failures;

    private IEngineProtocol Protocol => _protocol.Value
        ?? throw new EngineException(EngineFault.Unsupported, "it is not known which engine this is");

    /// <summary>Starts a generation. Whatever goes wrong on the way is told by <see cref="IGeneration.ReadAsync"/>.</summary>
    /// <param name="request">What to generate, under an id of its own.</param>
    /// <param name="deadline">In UTC, after which the engine need not go on; null for none.</param>
    /// <param name="cancellation">Ends the call; reading can be cancelled by itself as well.</param>
    /// <param name="trace">Passed on as headers.</param>
    /// <exception cref="EngineException">The engine cannot do what is asked, or its client has been disposed of.</exception>
    public IGeneration Generate(
        GenerationRequest request, DateTime? deadline, CancellationToken cancellation, TraceContext trace = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var protocol = Protocol;
        var channel = _channels.EnterLeastBusy();
        try
        {
            var options = new CallOptions(_metadata.With(trace), deadline, cancellation);
            var stream = protocol.Generate(channel.Invoker, request, _defaults, options);
            return new EngineGeneration(stream, channel, request.RequestId, _aborts, cancellation);
        }
        catch (Exception exception)
        {
            channel.Exit();
            if (exception is ObjectDisposedException)
                throw new EngineException(EngineFault.Unreachable, "the connection to the engine is closed", exception);
            throw;
        }
    }

    /// <summary>Has a text embedded, classified or scored. A call that is given up is aborted on the engine, in the background.</summary>
    /// <inheritdoc cref="Generate"/>
    public async Task<EmbeddingResult> EmbedAsync(
        EmbeddingRequest request, DateTime? deadline, CancellationToken cancellation, TraceContext trace = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var protocol = Protocol;
        try
        {
            return await CallAsync(
                channel => protocol.EmbedAsync(channel, request, new CallOptions(_metadata.With(trace), deadline, cancellation)),
                cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or EngineException { Fault: EngineFault.Unreachable or EngineFault.Timeout })
        {
            // One that cannot be heard, or was not waited for, may go on.
            _aborts.Add(request.RequestId);
            throw;
        }
    }

    public override async Task<ProbeResult> ProbeAsync(ProbePlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var metadata = CallMetadata.For(plan.ApiKey, _metadata);
        _metadata = metadata;
        var channel = _channels.EnterLeastBusy();
        try
        {
            var probe = new GrpcProbe(
                channel.Invoker, _protocol.Value, plan, () => new CallOptions(metadata.Plain, DateTime.UtcNow + plan.Timeout, cancellation));
            var result = await probe.RunAsync(cancellation).ConfigureAwait(false);
            if (result.Outcome != ProbeOutcome.Healthy)
                return result;
            if (probe.Protocol is { } protocol)
                _protocol.TrySet(protocol);
            if (result.Facts.Model is { } model)
                _defaults = new EngineDefaults(SamplingDefaults.Parse(model.DefaultSamplingJson), result.Facts.Models.IsEmpty ? null : result.Facts.Models[0].MaxModelLength);
            return result;
        }
        finally
        {
            channel.Exit();
        }
    }

    public override async Task<EngineLoadReport> ReadLoadAsync(LoadPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (_protocol.Value is not { } protocol)
            return EngineLoadReport.Unknown("it is not known which engine this is");
        try
        {
            return await CallAsync(
                channel => protocol.ReadLoadAsync(channel, new CallOptions(_metadata.Plain, DateTime.UtcNow + plan.Timeout, cancellation)),
                cancellation).ConfigureAwait(false);
        }
        catch (EngineException exception)
        {
            return EngineLoadReport.Unknown(exception.Fault switch
            {
                EngineFault.Timeout => $"no answer within {plan.Timeout.TotalSeconds:0.###} s",
                EngineFault.Unsupported => "the engine does not tell its load over gRPC",
                _ => exception.Message,
            });
        }
    }

    /// <summary>Takes the engine's tokenizer to a folder that is named after its digest, unless it is there already.</summary>
    /// <param name="cache">The folder that gets a folder for it.</param>
    /// <param name="timeout">For all of it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The folder with the tokenizer's files.</returns>
    /// <exception cref="EngineException">The engine gives none, or it was refused; the message says why.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public Task<string> GetTokenizerAsync(string cache, TimeSpan timeout, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(cache);
        var protocol = Protocol;
        return CallAsync(
            async channel =>
            {
                using var call = protocol.GetTokenizer(channel, new CallOptions(_metadata.Plain, DateTime.UtcNow + timeout, cancellation));
                return await new TokenizerDownload(TokenizerLimits.Default).RunAsync(call, cache, cancellation).ConfigureAwait(false);
            },
            cancellation);
    }

    public override async IAsyncEnumerable<KvEventBatch> FollowKvEventsAsync(
        ulong from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var protocol = Protocol;
        var channel = _channels.EnterLeastBusy();
        try
        {
            using var call = protocol.SubscribeKvEvents(channel.Invoker, from, new CallOptions(_metadata.Plain, cancellationToken: cancellation));
            while (await MoveNextAsync(call, cancellation).ConfigureAwait(false))
                yield return call.ResponseStream.Current;
        }
        finally
        {
            channel.Exit();
        }

        static async Task<bool> MoveNextAsync(AsyncServerStreamingCall<KvEventBatch> call, CancellationToken cancellation)
        {
            try
            {
                return await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false);
            }
            catch (RpcException exception)
            {
                throw EngineStatus.ToException(exception, cancellation.IsCancellationRequested);
            }
        }
    }

    /// <summary>Has the engine forget its prefix cache.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public Task<EngineAnswer> FlushCacheAsync(TimeSpan wait, DateTime deadline, CancellationToken cancellation) =>
        AskAsync((engine, channel, options) => engine.FlushCacheAsync(channel, wait, options), deadline, cancellation);

    /// <summary>Begins a profile of the engine.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public Task<EngineAnswer> StartProfileAsync(ProfileSettings settings, DateTime deadline, CancellationToken cancellation) =>
        AskAsync((engine, channel, options) => engine.StartProfileAsync(channel, settings, options), deadline, cancellation);

    /// <summary>Ends a profile of the engine.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public Task<EngineAnswer> StopProfileAsync(DateTime deadline, CancellationToken cancellation) =>
        AskAsync(static (engine, channel, options) => engine.StopProfileAsync(channel, options), deadline, cancellation);

    /// <summary>Loads a LoRA adapter.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public Task<EngineAnswer> LoadAdapterAsync(LoraAdapter adapter, DateTime deadline, CancellationToken cancellation) =>
        AskAsync((engine, channel, options) => engine.LoadAdapterAsync(channel, adapter, options), deadline, cancellation);

    /// <summary>Unloads a LoRA adapter.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public Task<EngineAnswer> UnloadAdapterAsync(LoraAdapter adapter, DateTime deadline, CancellationToken cancellation) =>
        AskAsync((engine, channel, options) => engine.UnloadAdapterAsync(channel, adapter, options), deadline, cancellation);

    /// <summary>Asks which LoRA adapters are loaded.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public Task<EngineAnswer> ListAdaptersAsync(DateTime deadline, CancellationToken cancellation) =>
        AskAsync(static (engine, channel, options) => engine.ListAdaptersAsync(channel, options), deadline, cancellation);

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
            _ = CloseAsync();
    }

    /// <summary>The last generations may have just been given up: the engine is told of them, as far as it listens.</summary>
    private async Task CloseAsync()
    {
        await Task.WhenAny(_aborts.CompleteAsync(), Task.Delay(AbortTimeout)).ConfigureAwait(false);
        _channels.Dispose();
    }

    private async Task AbortAsync(IReadOnlyList<string> requestIds)
    {
        if (_protocol.Value is not { } protocol)
            return;
        var channel = _channels.EnterLeastBusy();
        try
        {
            var options = new CallOptions(_metadata.Plain, DateTime.UtcNow + AbortTimeout);
            await protocol.AbortAsync(channel.Invoker, requestIds, options).ConfigureAwait(false);
        }
        finally
        {
            channel.Exit();
        }
    }

    /// <returns>What became of it; failures are answers, not exceptions.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    private async Task<EngineAnswer> AskAsync(
        Func<IEngineAdministration, CallInvoker, CallOptions, Task<EngineAnswer>> ask, DateTime deadline, CancellationToken cancellation)
    {
        if (_protocol.Value?.Administration is not { } administration)
            return EngineAnswer.Unsupported;
        try
        {
            return await CallAsync(
                channel => ask(administration, channel, new CallOptions(_metadata.Plain, deadline, cancellation)), cancellation).ConfigureAwait(false);
        }
        catch (EngineException exception)
        {
            return exception.Fault switch
            {
                EngineFault.Unsupported => EngineAnswer.Unsupported,
                EngineFault.InvalidRequest => new EngineAnswer(EngineAnswerKind.Refused, exception.Message),
                _ => new EngineAnswer(EngineAnswerKind.Failed, exception.Message),
            };
        }
    }

    /// <summary>Makes one call on the least busy channel, and maps its failure.</summary>
    private async Task<T> CallAsync<T>(Func<CallInvoker, Task<T>> call, CancellationToken cancellation)
    {
        var channel = _channels.EnterLeastBusy();
        try
        {
            return await call(channel.Invoker).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw EngineStatus.ToException(exception, cancellation.IsCancellationRequested);
        }
        catch (ObjectDisposedException exception)
        {
            throw new EngineException(EngineFault.Unreachable, "the connection to the engine is closed", exception);
        }
        finally
        {
            channel.Exit();
        }
    }
}
