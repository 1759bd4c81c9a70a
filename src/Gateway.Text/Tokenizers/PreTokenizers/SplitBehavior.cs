namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>What becomes of a delimiter. Named as tokenizer.json names them.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}
