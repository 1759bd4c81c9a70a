namespace Gateway.Simulator.Engine;

/// <summary>One choice of a generation, as the scheduler sees it. Written under the engine's lock, read by the answering request.</summary>
internal sealed class Sequence
{
    private int _emitted;

    public Sequence(Generation generation, Answer answer, ulong[] blockHashes)
    {
        Generation = generation;
        Answer = answer;
        BlockHashes = blockHashes;
        WaitingPlace = new LinkedListNode<Sequence>(this);
    }

    public Generation Generation { get; }

    public Answer Answer { get; }

    public ulong[] BlockHashes { get; }

    public LinkedListNode<Sequence> WaitingPlace { get; }

    /// <summary>Its KV blocks while it runs.</summary>
    public KvLease? Lease { get; set; }

    /// <summary>Prompt tokens that remain to be computed after the current step.</summary>
    public int PrefillLeft { get; set; }

    /// <summary>Tokens of the answer that have appeared.</summary>
    public int Emitted
    {
        get => Volatile.Read(ref _emitted);
        set => Volatile.Write(ref _emitted, value);
    }

    public bool IsComplete => Emitted == Answer.Tokens.Length;

    /// <summary>Of the prompt, and of the answer behind it.</summary>
    public int TokenAt(int position)
    {
        var prompt = Generation.Prompt;
        return position < prompt.Length ? prompt[position] : Answer.Tokens[position - prompt.Length];
    }

    /// <summary>True if a step has left nothing to compute.</summary>
    public bool IsDone => PrefillLeft == 0 && IsComplete;
}
