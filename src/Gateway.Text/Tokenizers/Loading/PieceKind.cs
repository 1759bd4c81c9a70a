namespace Gateway.Text.Tokenizers.Loading;

/// <summary>A kind of piece, with the numbers of SentencePiece's protobuf.</summary>
internal enum PieceKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}
