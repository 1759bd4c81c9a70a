namespace Gateway.Text.Tokenizers.Unicode;

/// <summary>What the patterns of pre-tokenizers ask of a code point. A code point has several.</summary>
[Flags]
internal enum CharacterClass : byte
{
    None = 0,
    Letter = 1,
    Number = 2,
    WhiteSpace = 4,
    Mark = 8,
    Punctuation = 16,
    Symbol = 32,

    /// <summary>Lu, Lt, Lm, Lo, M: what may stand in front of the lower case part of a word.</summary>
    UpperLike = 64,

    /// <summary>Ll, Lm, Lo, M: what may stand in the lower case part of a word.</summary>
    LowerLike = 128,
}
