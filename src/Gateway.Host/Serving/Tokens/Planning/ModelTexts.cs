using Gateway.Host.Configuration;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>What it takes to speak in tokens: one tokenizer, named by the operator, for all models that token-in engines serve.</summary>
/// <param name="Tokenizer">Null if the operator has named none.</param>
internal sealed record ModelTexts(Tokenizer? Tokenizer)
{
    /// <summary>Reads the tokenizer, if the operator has named one.</summary>
    /// <exception cref="ConfigurationException">It cannot be read.</exception>
    public static ModelTexts Load(TextOptions options)
    {
        if (options.TokenizerPath is not { } path)
            return new ModelTexts((Tokenizer?)null);
        try
        {
            return new ModelTexts(TokenizerLoader.LoadJson(Directory.Exists(path) ? Path.Combine(path, "tokenizer.json") : path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or TokenizerFormatException)
        {
            throw new ConfigurationException($"--tokenizer-path: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }
}
