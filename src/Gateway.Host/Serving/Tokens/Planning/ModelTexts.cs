using System.Collections.Concurrent;
using Gateway.Host.Configuration;
using Gateway.Text.Parsers;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>
/// The texts of the models that token-in engines serve. There is one tokenizer and one template, named by the operator; what a model's
/// answers look like is known by its name, unless the operator names that too.
/// </summary>
/// <param name="options">Which parsers.</param>
/// <param name="tokenizer">Null if the operator has named none.</param>
/// <param name="template">Null if there is none.</param>
internal sealed class ModelTexts(TextOptions options, Tokenizer? tokenizer, IConversationTemplate? template)
{
    private readonly ConcurrentDictionary<string, ModelText> _byModel = new(StringComparer.Ordinal);

    /// <summary>Null if the gateway does not know the model's tokens.</summary>
    public ModelText? Find(string model)
    {
        if (tokenizer is null)
            return null;
        return _byModel.TryGetValue(model, out var text) ? text : _byModel.GetOrAdd(model, Make(model));
    }

    private ModelText Make(string model) =>
        new(tokenizer!, template, ChatOutputFormat.For(model, options.ReasoningParser, options.ToolCallParser));
}
