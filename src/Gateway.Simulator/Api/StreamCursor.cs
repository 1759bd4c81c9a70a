using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>How far a generation has been streamed.</summary>
internal sealed class StreamCursor
{
    private readonly Generation _generation;
    private readonly int _place;
    private readonly int[] _sent;
    private readonly bool[] _closed;
    private Task? _waiting;

    /// <param name="place">Index in the answer of its first choice; those of a batch of prompts follow each other.</param>
    public StreamCursor(Generation generation, int place)
    {
        _generation = generation;
        _place = place;
        _sent = new int[generation.Sequences.Count];
        _closed = new bool[_sent.Length];
    }

    /// <summary>True if nothing more will come.</summary>
    public bool IsAtEnd => !_closed.Contains(false);

    /// <summary>Waits for more of any of them.</summary>
    public static async ValueTask WaitForAnyAsync(List<StreamCursor> cursors, CancellationToken cancellation)
    {
        if (cursors is [{ _waiting: null } only])
            await only._generation.WaitAsync(cancellation);
        else
            await await Task.WhenAny(cursors.Select(cursor => cursor.WaitAsync(cancellation)));
    }

    /// <summary>Writes what has come since the last time.</summary>
    /// <exception cref="EngineStoppedException">The generation was lost with the engine.</exception>
    /// <exception cref="GenerationFailedException">It failed.</exception>
    public void Write(EventStream events, AnswerFormat format)
    {
        if (_waiting is { IsCompleted: true })
            _waiting = null;
        _generation.ThrowIfLost();
        var aborted = _generation.End == GenerationEnd.Aborted;
        for (var choice = 0; choice < _sent.Length; choice++)
        {
            var emitted = _generation.Sequences[choice].Emitted;
            var ends = aborted || emitted == _generation.Sequences[choice].Answer.Tokens.Length;
            if (_closed[choice] || (emitted == _sent[choice] && !ends))
                continue;
            format.WriteProgress(events, new AnswerChoice(_generation, choice, _place + choice), _sent[choice], emitted, ends);
            _sent[choice] = emitted;
            _closed[choice] = ends;
        }
    }

    private Task WaitAsync(CancellationToken cancellation) => _waiting ??= _generation.WaitAsync(cancellation).AsTask();
}
