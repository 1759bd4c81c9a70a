using System.Collections.Concurrent;
using Gateway.Actors.Registry;
using Gateway.Host.Configuration;
using Gateway.Text.Parsers;
using Gateway.Text.Templates;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>What is known of the text of each model: for now one tokenizer, named by the operator, for all models that token-in engines serve.</summary>
internal sealed class ModelTexts
{
    private readonly TextOptions _options;
    private readonly ModelText? _text;
    private readonly ConcurrentDictionary<string, ModelText> _byModel = new(StringComparer.Ordinal);

    private ModelTexts(TextOptions options, ModelText? text)
    {
        _options = options;
        _text = text;
    }

    /// <summary>Reads the files that the operator has named.</summary>
    /// <exception cref="ConfigurationException">One of them cannot be read.</exception>
    public static ModelTexts Load(TextOptions options)
    {
        if (options.TokenizerPath is not { } path)
            return new ModelTexts(options, text: null);
        try
        {
            return new ModelTexts(options, ModelTextReader.Read(path, options.ChatTemplate, ChatOutputFormat.Plain));
        }
        catch (TemplateException failure)
        {
            throw new ConfigurationException($"{(options.ChatTemplate is null ? "--tokenizer-path" : "--chat-template")}: {failure.Message.ReplaceLineEndings(" ")}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or TokenizerFormatException)
        {
            throw new ConfigurationException($"--tokenizer-path: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <returns>Null if nothing is known of the model's text.</returns>
    public ModelText? Find(ModelSnapshot model)
    {
        if (_text is null)
            return null;
        return _byModel.TryGetValue(model.Id, out var found) ? found : _byModel.GetOrAdd(model.Id, new ModelText(_text.Tokenizer, _text.Templates, _text.SpecialTokens, FormatOf(model.Id)));
    }

    private ChatOutputFormat FormatOf(string model) => ChatOutputFormat.For(model, _options.ReasoningParser, _options.ToolCallParser);
}
