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

    private int _end;

    public Generation(SimulatedEngine engine, string id, int[] prompt, IReadOnlyList<Answer> answers, int blockTokens)
    {
        _engine = engine;
        Id = id;
        Prompt = prompt;
        Sequences = [.. answers.Select(answer => new Sequence(this, answer, BlockHashes.Of(prompt, answer.Tokens, blockTokens)))];
        SequencesLeft = Sequences.Count;
    }

    public string Id { get; }

    public int[] Prompt { get; }

    public IReadOnlyList<Sequence> Sequences { get; }

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
    public async ValueTask WaitForResultAsync(CancellationToken cancellation)
    {
        await WaitForEndAsync(cancellation);
        if (End == GenerationEnd.Failed)
            throw new EngineStoppedException();
    }

    /// <summary>Why a choice ended, in OpenAI's words.</summary>
    public string FinishReasonOf(int choice) =>
        End == GenerationEnd.Aborted ? "abort" : Sequences[choice].Answer.FinishReason;

    /// <summary>Ends it as lost to a fault.</summary>
    public void Fail() => _engine.End(this, GenerationEnd.Failed);

    public void Dispose() => _engine.End(this, GenerationEnd.Aborted);

    internal void Signal() => _progress.Writer.TryWrite(true);

    internal void MarkEnded(GenerationEnd end)
    {
        Volatile.Write(ref _end, (int)end);
        Signal();
        _progress.Writer.TryComplete();
    }
}
