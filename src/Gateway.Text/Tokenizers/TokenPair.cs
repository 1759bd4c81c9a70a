namespace Gateway.Text.Tokenizers;

/// <summary>Two texts as one input of a model.</summary>
/// <param name="Ids">Of its tokens, special ones included.</param>
/// <param name="Types">By which models tell the texts apart, one for each token.</param>
public sealed record TokenPair(ReadOnlyMemory<int> Ids, ReadOnlyMemory<int> Types);
