namespace Gateway.Text.Tokenizers.Loading;

/// <summary>One entry of the vocabulary; its place is its id.</summary>
internal sealed record SentencePiece(string Text, float Score, PieceKind Kind);
