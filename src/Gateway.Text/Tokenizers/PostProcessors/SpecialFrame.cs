namespace Gateway.Text.Tokenizers.PostProcessors;

/// <summary>The special tokens that a text is put between when they are asked for.</summary>
/// <param name="Before">Ids in front, such as that of <c>&lt;s&gt;</c>.</param>
/// <param name="After">Ids behind.</param>
internal sealed record SpecialFrame(IReadOnlyList<int> Before, IReadOnlyList<int> After)
{
    public static SpecialFrame None { get; } = new([], []);

    /// <summary>Puts a frame around this one.</summary>
    public SpecialFrame Within(SpecialFrame outer) => new([.. outer.Before, .. Before], [.. After, .. outer.After]);
}
