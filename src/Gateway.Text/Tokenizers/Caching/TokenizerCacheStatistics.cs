namespace Gateway.Text.Tokenizers;

/// <summary>How well a cache does.</summary>
/// <param name="Hits">Texts that were found.</param>
/// <param name="Misses">Texts that were looked for in vain.</param>
/// <param name="Entries">Texts that are kept.</param>
/// <param name="Bytes">What they take.</param>
/// <param name="CapacityBytes">What they may take.</param>
public readonly record struct TokenizerCacheStatistics(long Hits, long Misses, int Entries, long Bytes, long CapacityBytes);
