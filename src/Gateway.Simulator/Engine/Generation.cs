using System.Threading.Channels;

namespace Gateway.Simulator.Engine;

/// <summary>
/// A request in the engine, from its submission to its end. Disposing of it before its end aborts it, so a request handler
/// that leaves by whatever door frees its slots.
/// </summary>
internal sealed class Generation : IDisposable
{
    private readonly SimulatedEngine _engine;

    // One place is enough: a signal only says "look again".
    private readonly Channel<bool> _progress = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly TaskCompletionSource<bool> _computed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _end;
    private string? _failure;

    public Generation(
        SimulatedEngine engine,
        string id,
        int[] prompt,
        IReadOnlyList<Answer> answers,
        int blockTokens,
        GenerationPart part = GenerationPart.Whole)
    {
        _engine = engine;
        Id = id;
        Prompt = prompt;
        Part = part;
        // Keys and values that come from elsewhere share nothing with those that are here, as SGLang's decode workers do by default.
        Sequences = [.. answers.Select(answer => new Sequence(
            this, answer, part == GenerationPart.Decode ? [] : BlockHashes.Of(prompt, answer.Tokens, blockTokens)))];
        SequencesLeft = Sequences.Count;
    }

    public string Id { get; }

    public GenerationPart Part { get; }

    public int[] Prompt { get; }

    public IReadOnlyList<Sequence> Sequences { get; }

    /// <summary>True if its tokens are there (a prefill still has to be handed over then), false if it ended before.</summary>
    public Task<bool> Computed => _computed.Task;

    /// <summary>Completes with its end, however it ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>True for a decode to which its keys and values have not come; the engine's own note.</summary>
    public bool IsExpecting { get; set; }

    /// <summary>Sequences that are not complete; the scheduler's own count.</summary>
    public int SequencesLeft { get; set; }

    /// <summary>Prompt tokens found in the prefix cache; known from the first token on.</summary>
    public int CachedTokens { get; set; }

    public GenerationEnd End => (GenerationEnd)Volatile.Read(ref _end);

    public int CompletionTokens => Sequences.Sum(sequence => sequence.Emitted);

    /// <summary>Waits until more of it has appeared, or it has ended, since the last call.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        if (await _progress.Reader.WaitToReadAsync(cancellation))
            _progress.Reader.TryRead(out _);
    }

    public async ValueTask WaitForEndAsync(CancellationToken cancellation)
    {
        while (End == GenerationEnd.NotYet)
            await WaitAsync(cancellation);
    }

    /// <summary>Waits for its end.</summary>
    /// <exception cref="EngineStoppedException">It was lost with the engine.</exception>
    /// <exception cref="GenerationFailedException">It failed for a reason of its own.</exception>
    public async ValueTask WaitForResultAsync(CancellationToken cancellation)
    {
        await WaitForEndAsync(cancellation);
        ThrowIfLost();
    }

    /// <summary>Does nothing while it runs, and after any end but a failure.</summary>
    /// <exception cref="EngineStoppedException">It was lost with the engine.</exception>
    /// <exception cref="GenerationFailedException">It failed for a reason of its own.</exception>
    public void ThrowIfLost()
    {
        if (End != GenerationEnd.Failed)
            return;
        throw Volatile.Read(ref _failure) is { } reason ? new GenerationFailedException(reason) : new EngineStoppedException();
    }

    /// <summary>Why a choice ended, in OpenAI's words.</summary>
    public string FinishReasonOf(int choice) =>
        End == GenerationEnd.Aborted ? "abort" : Sequences[choice].Answer.FinishReason;

    /// <summary>Ends it as lost to a fault.</summary>
    public void Fail() => _engine.End(this, GenerationEnd.Failed);

    /// <summary>Ends it with a reason that the client is told.</summary>
    public void Fail(string reason)
    {
        Volatile.Write(ref _failure, reason);
        Fail();
    }

    /// <summary>Begins a decode whose keys and values have come; does nothing if it has ended.</summary>
    public void Receive() => _engine.Receive(this);

    /// <summary>Ends a prefill whose keys and values have been fetched; does nothing if it has ended.</summary>
    public void HandOver() => _engine.End(this, GenerationEnd.Finished);

    public void Dispose() => _engine.End(this, GenerationEnd.Aborted);

    internal void Signal() => _progress.Writer.TryWrite(true);

    internal void MarkEnded(GenerationEnd end)
    {
        Volatile.Write(ref _end, (int)end);
        Signal();
        _progress.Writer.TryComplete();
        _computed.TrySetResult(false);
        _ended.TrySetResult();
    }

    internal void MarkComputed() => _computed.TrySetResult(true);
}
