namespace Gateway.Text.Tokenizers.PostProcessors;

/// <summary>How two texts become one input: the texts and the special tokens around them, in order.</summary>
internal sealed record PairFrame(IReadOnlyList<PairPart> Parts)
{
    /// <summary>BERT's: <c>[CLS] first [SEP] second [SEP]</c>, the second of another type.</summary>
    public static PairFrame Bert(int cls, int sep) => new([PairPart.Token(cls, 0), PairPart.First(0), PairPart.Token(sep, 0), PairPart.Second(1), PairPart.Token(sep, 1)]);

    /// <summary>RoBERTa's: <c>&lt;s&gt; first &lt;/s&gt;&lt;/s&gt; second &lt;/s&gt;</c>, all of one type.</summary>
    public static PairFrame Roberta(int cls, int sep) => new(
        [PairPart.Token(cls, 0), PairPart.First(0), PairPart.Token(sep, 0), PairPart.Token(sep, 0), PairPart.Second(0), PairPart.Token(sep, 0)]);
}

/// <param name="Text">0 for the first text, 1 for the second; null for special tokens.</param>
/// <param name="Ids">The special tokens.</param>
/// <param name="Type">By which models tell the texts apart.</param>
internal sealed record PairPart(int? Text, int[] Ids, int Type)
{
    public static PairPart First(int type) => new(0, [], type);

    public static PairPart Second(int type) => new(1, [], type);

    public static PairPart Token(int id, int type) => new(null, [id], type);
}
