using Gateway.Text.Tokenizers.Loading;

namespace Gateway.Text.Tokenizers;

/// <summary>Loads tokenizers from the files that models come with.</summary>
public static class TokenizerLoader
{
    /// <summary>Loads a <c>tokenizer.json</c>.</summary>
    /// <exception cref="TokenizerFormatException">The file is broken, or asks for what is not supported.</exception>
    public static Tokenizer LoadJson(string path) => TokenizerJson.Read(File.ReadAllBytes(path));

    /// <summary>Reads the content of a <c>tokenizer.json</c>.</summary>
    /// <exception cref="TokenizerFormatException">The file is broken, or asks for what is not supported.</exception>
    public static Tokenizer ReadJson(ReadOnlySpan<byte> json) => TokenizerJson.Read(json);
}
