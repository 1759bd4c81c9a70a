namespace Gateway.Text.Tokenizers.Models;

/// <summary>A piece is a token, or unknown.</summary>
internal sealed class WordLevelModel(Vocabulary vocabulary, string unknown) : TokenModel(vocabulary)
{
    private readonly int _unknown = vocabulary.IdOf(unknown);

    public override void Encode(ReadOnlySpan<char> piece, EncodeRun run)
    {
        var id = Vocabulary.IdOf(piece) is >= 0 and var known ? known : _unknown;
        if (id < 0)
            throw new TokenizerFormatException("The text has an unknown word, and the unknown token is not in the vocabulary.");
        run.Output.Add(id);
    }
}
