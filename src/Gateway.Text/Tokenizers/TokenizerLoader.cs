using Gateway.Text.Tokenizers.Loading;

namespace Gateway.Text.Tokenizers;

/// <summary>Loads tokenizers from the files that models come with.</summary>
public static class TokenizerLoader
{
    /// <summary>Loads a <c>tokenizer.json</c>.</summary>
    /// <exception cref="TokenizerFormatException">The file is broken, or asks for what is not supported.</exception>
    public static Tokenizer LoadJson(string path) => TokenizerJson.Read(File.ReadAllBytes(path));

    /// <summary>Loads a tiktoken file.</summary>
    /// <exception cref="TokenizerFormatException">The file is broken, or the pattern is not supported.</exception>
    public static Tokenizer LoadTiktoken(string path, TiktokenOptions options) => TiktokenFile.Read(File.ReadAllBytes(path), options);

    /// <summary>Loads a SentencePiece <c>tokenizer.model</c>, BPE or unigram.</summary>
    /// <exception cref="TokenizerFormatException">The file is broken, or asks for what is not supported.</exception>
    public static Tokenizer LoadSentencePiece(string path) => SentencePieceFile.Read(File.ReadAllBytes(path));

    /// <summary>Reads the content of a <c>tokenizer.json</c>.</summary>
    /// <exception cref="TokenizerFormatException">The file is broken, or asks for what is not supported.</exception>
    public static Tokenizer ReadJson(ReadOnlySpan<byte> json) => TokenizerJson.Read(json);
}
