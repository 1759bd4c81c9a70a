using Google.Protobuf.Collections;

namespace Gateway.Actors.Engines.Generation;

/// <summary>
/// Keeps account of what each choice of a generation has had, to tell what is new in what comes. One buffer serves all steps, so that a
/// step allocates nothing.
/// </summary>
/// <param name="choices">How many were asked for.</param>
internal sealed class ChoiceLedger(int choices)
{
    private readonly Choice[] _choices = new Choice[choices];
    private int[] _tokens = new int[16];
    private int _finished;

    public bool IsFinished => _finished == _choices.Length;

    /// <summary>True if anything has come of this choice.</summary>
    public bool HasBegun(int index) => Of(index).HasBegun;

    /// <summary>Takes what came of a choice on the way: all of it is new.</summary>
    /// <returns>The new tokens, valid until the next call.</returns>
    public ReadOnlyMemory<int> Take(int index, RepeatedField<uint> ids)
    {
        ref var choice = ref Of(index);
        choice.HasBegun = true;
        if (ids.Count > 0)
        {
            if (choice.Emitted == 0)
                choice.First = ids[0];
            choice.Latest = ids;
        }

        return Emit(ref choice, ids, ids.Count);
    }

    /// <summary>
    /// Takes what came at the end of a choice. That may be all its tokens, the last ones again, or the last ones for the first time;
    /// engines differ, and so do their versions.
    /// </summary>
    /// <param name="index">The choice.</param>
    /// <param name="ids">The tokens that came.</param>
    /// <param name="told">The engine's count of tokens: of the whole choice, or of <paramref name="ids"/>.</param>
    /// <returns>The new tokens, the last of <paramref name="ids"/>, valid until the next call.</returns>
    public ReadOnlyMemory<int> TakeLast(int index, RepeatedField<uint> ids, int told)
    {
        ref var choice = ref Of(index);
        if (!choice.IsFinished)
            _finished++;
        choice.IsFinished = true;
        return Emit(ref choice, ids, NewAtEnd(choice, ids, told));
    }

    /// <summary>The sum for a choice, whether the engine tells sums or differences.</summary>
    public int CompletionTokens(int index, int told) => Math.Max(_choices[index].Emitted, told);

    private static int NewAtEnd(in Choice choice, RepeatedField<uint> ids, int told)
    {
        if (choice.Emitted == 0 || ids.Count == 0)
            return ids.Count;
        // A count of just these tokens: they are all there is only if they begin as the choice did.
        var isDifference = told == ids.Count && (told < choice.Emitted || ids[0] != choice.First);
        if (isDifference)
            return ids.Equals(choice.Latest) ? 0 : ids.Count;
        return Math.Clamp(told - choice.Emitted, 0, ids.Count);
    }

    private ReadOnlyMemory<int> Emit(ref Choice choice, RepeatedField<uint> ids, int count)
    {
        if (_tokens.Length < count)
            _tokens = new int[Math.Max(count, _tokens.Length * 2)];
        var from = ids.Count - count;
        for (var i = 0; i < count; i++)
            _tokens[i] = (int)ids[from + i];
        choice.Emitted += count;
        return _tokens.AsMemory(0, count);
    }

    private ref Choice Of(int index)
    {
        if ((uint)index >= (uint)_choices.Length)
            throw new EngineException(EngineFault.Failed, $"the engine answered with choice {index} of {_choices.Length}");
        return ref _choices[index];
    }

    private struct Choice
    {
        public int Emitted;
        public uint First;
        public RepeatedField<uint>? Latest;
        public bool HasBegun;
        public bool IsFinished;
    }
}
