namespace Gateway.Text.Tokenizers.PostProcessors;

/// <summary>The special tokens that a text is put between when they are asked for.</summary>
/// <param name="Before">Ids in front, such as that of <c>&lt;s&gt;</c>.</param>
/// <param name="After">Ids behind.</param>
internal sealed record SpecialFrame(ReadOnlyMemory<int> Before, ReadOnlyMemory<int> After)
{
    public static SpecialFrame None { get; } = new(default, default);

    /// <summary>What two texts are put between; null if the model's file does not say.</summary>
    public PairFrame? Pair { get; init; }

    /// <summary>Puts a frame around this one.</summary>
    public SpecialFrame Within(SpecialFrame outer) =>
        new((int[])[.. outer.Before.Span, .. Before.Span], (int[])[.. After.Span, .. outer.After.Span]) { Pair = outer.Pair ?? Pair };
}
