using System.Collections.Concurrent;
using Gateway.Host.Configuration;
using Gateway.Text.Parsers;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>
/// What it takes to speak with the models that token-in engines serve. There is one tokenizer for all of them, named by the operator; what
/// a model's answers look like is known by its name, unless the operator names that too.
/// </summary>
internal sealed class ModelTexts(TextOptions options, Tokenizer? tokenizer)
{
    private readonly ConcurrentDictionary<string, ModelText> _byModel = new(StringComparer.Ordinal);

    /// <summary>Reads the tokenizer that the operator has named, if one is.</summary>
    /// <exception cref="ConfigurationException">It cannot be read.</exception>
    public static ModelTexts Load(TextOptions options)
    {
        if (options.TokenizerPath is not { } path)
            return new ModelTexts(options, null);
        try
        {
            return new ModelTexts(options, TokenizerLoader.LoadJson(Directory.Exists(path) ? Path.Combine(path, "tokenizer.json") : path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or TokenizerFormatException)
        {
            throw new ConfigurationException($"--tokenizer-path: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Null if the gateway does not know the model's tokens.</summary>
    public ModelText? Find(string model)
    {
        if (tokenizer is null)
            return null;
        return _byModel.TryGetValue(model, out var text) ? text : _byModel.GetOrAdd(model, Make(model));
    }

    private ModelText Make(string model) =>
        new(tokenizer!, Template: null, ChatOutputFormat.For(model, options.ReasoningParser, options.ToolCallParser));
}
