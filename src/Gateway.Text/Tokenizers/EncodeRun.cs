using Gateway.Text.Tokenizers.Models;
using Gateway.Text.Tokenizers.PreTokenizers;

namespace Gateway.Text.Tokenizers;

/// <summary>One encoding on its way: where pieces go from one pre-tokenizer to the next, and the scratch space they share.</summary>
/// <remarks>A thread keeps one for its next encoding. A giant prompt's buffers go back to the pool.</remarks>
internal sealed class EncodeRun
{
    private const int PiecesBetweenChecks = 1024;

    [ThreadStatic]
    private static EncodeRun? _spare;

    private PreTokenizer[] _steps = [];
    private TokenModel _model = null!;
    private int _piecesUntilCheck = PiecesBetweenChecks;

    private EncodeRun()
    {
    }

    public TokenBuffer Output { get; private set; } = null!;

    public CancellationToken Cancellation { get; private set; }

    public MergeScratch Merges { get; } = new();

    /// <summary>Gets the buffer for text with its surrogates repaired.</summary>
    public CharBuffer Repaired { get; } = new();

    /// <summary>Gets the two buffers that normalizers write in turn.</summary>
    public CharBuffer Normalized { get; } = new();


    public static EncodeRun Begin(PreTokenizer[] steps, TokenModel model, TokenBuffer output, CancellationToken cancellation)
    {
        var run = _spare ?? new EncodeRun();
        _spare = null;
        run._steps = steps;
        run._model = model;
        run.Output = output;
        run.Cancellation = cancellation;
        return run;
    }

    public void End()
    {
        Output = null!;
        Cancellation = default;
        Merges.Dispose();
        Repaired.Dispose();
        Normalized.Dispose();
        _spare = this;
    }

    /// <summary>Hands a piece to the pre-tokenizer of a level, and to the model after the last.</summary>
    /// <param name="piece">Never kept.</param>
    /// <param name="atStart">Whether it begins where the whole text begins.</param>
    /// <param name="level">Which pre-tokenizer is next.</param>
    public void Pass(ReadOnlySpan<char> piece, bool atStart, int level)
    {
        if (piece.IsEmpty)
            return;
        if (level < _steps.Length)
        {
            _steps[level].Split(piece, atStart, this, level + 1);
            return;
        }
        if (--_piecesUntilCheck == 0)
        {
            _piecesUntilCheck = PiecesBetweenChecks;
            Cancellation.ThrowIfCancellationRequested();
        }
        _model.Encode(piece, this);
    }
}
