using System.Text;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>What a <c>tokenizer.model</c> says: the fields of SentencePiece's protobuf that matter, with that protobuf's defaults.</summary>
internal sealed record SentencePieceModel
{
    private const int ModelKindBpe = 2;

    public List<SentencePiece> Pieces { get; } = [];

    /// <summary>Gets whether the model is BPE, and not unigram.</summary>
    public bool IsBpe { get; private set; }

    public bool ByteFallback { get; private set; }

    public byte[] CharacterMap { get; private set; } = [];

    public bool AddsDummyPrefix { get; private set; } = true;

    public bool RemovesExtraSpaces { get; private set; } = true;

    public static SentencePieceModel Read(ReadOnlySpan<byte> file)
    {
        var model = new SentencePieceModel();
        var fields = new Protobuf(file);
        while (fields.MoveNext())
        {
            switch (fields.Field)
            {
                case 1:
                    model.Pieces.Add(ReadPiece(fields.Bytes));
                    break;
                case 2:
                    model.ReadTrainer(fields.Bytes);
                    break;
                case 3:
                    model.ReadNormalizer(fields.Bytes);
                    break;
            }
        }
        return model.Pieces.Count > 0 ? model : throw new TokenizerFormatException("The tokenizer.model has no pieces.");
    }

    private static SentencePiece ReadPiece(ReadOnlySpan<byte> message)
    {
        var piece = new SentencePiece("", 0, PieceKind.Normal);
        var fields = new Protobuf(message);
        while (fields.MoveNext())
        {
            piece = fields.Field switch
            {
                1 => piece with { Text = Encoding.UTF8.GetString(fields.Bytes) },
                2 => piece with { Score = fields.Single },
                3 => piece with { Kind = (PieceKind)fields.Number },
                _ => piece,
            };
        }
        return piece;
    }

    private void ReadTrainer(ReadOnlySpan<byte> message)
    {
        var kind = 1;
        var fields = new Protobuf(message);
        while (fields.MoveNext())
        {
            if (fields.Field == 3)
                kind = (int)fields.Number;
            else if (fields.Field == 35)
                ByteFallback = fields.Number != 0;
        }
        if (kind is not (1 or ModelKindBpe))
            throw new TokenizerFormatException($"SentencePiece models of kind {kind} are not supported.");
        IsBpe = kind == ModelKindBpe;
    }

    private void ReadNormalizer(ReadOnlySpan<byte> message)
    {
        var fields = new Protobuf(message);
        while (fields.MoveNext())
        {
            switch (fields.Field)
            {
                case 2:
                    CharacterMap = fields.Bytes.ToArray();
                    break;
                case 3:
                    AddsDummyPrefix = fields.Number != 0;
                    break;
                case 4:
                    RemovesExtraSpaces = fields.Number != 0;
                    break;
                case 5 when fields.Number == 0:
                    throw new TokenizerFormatException("SentencePiece models that do not escape spaces are not supported.");
            }
        }
    }
}
