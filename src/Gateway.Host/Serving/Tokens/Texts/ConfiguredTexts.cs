using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Serving.Tokens.Planning;
using Gateway.Text.Parsers;
using Gateway.Text.Templates;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>What the operator has configured of the text of models, each file read once, at the start.</summary>
internal sealed class ConfiguredTexts
{
    private readonly Dictionary<string, TextWishes> _wishes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TextEntry> _entries = new(StringComparer.Ordinal);
    private readonly TextWishes _common;
    private readonly TextEntry? _forAll;

    private ConfiguredTexts(TextOptions options, EquatableArray<ModelOptions> models)
    {
        var tokenizers = new Dictionary<string, TextFiles>(StringComparer.Ordinal);
        _common = new TextWishes(Template("--chat-template", options.ChatTemplate), options.ReasoningParser, options.ToolCallParser);
        _forAll = Entry("", "--tokenizer-path", options.TokenizerPath);
        foreach (var model in models)
        {
            var key = $"{ModelReader.Key}.{model.Id}.";
            _wishes[model.Id] = new TextWishes(Template(key + "chat_template", model.ChatTemplate), model.ReasoningParser, model.ToolCallParser);
            if (Entry(model.Id, key + "tokenizer_path", model.TokenizerPath) is { } entry)
                _entries[model.Id] = entry;
        }

        TextEntry? Entry(string name, string key, string? path)
        {
            if (path is null)
                return null;
            if (!tokenizers.TryGetValue(path, out var files))
                tokenizers[path] = files = ReadOrRefuse(key, () => ModelTextReader.Read(path));
            return new TextEntry { Id = TextEntry.NewId(), Name = name, Origin = TextOrigin.Configuration, Source = path, Files = files };
        }

        static ChatTemplateSet? Template(string key, string? path) =>
            path is null ? null : ReadOrRefuse(key, () => ModelTextReader.ReadTemplate(path));
    }

    /// <summary>The tokenizers, in no order.</summary>
    public IEnumerable<TextEntry> Entries => _forAll is null ? _entries.Values : _entries.Values.Append(_forAll);

    /// <exception cref="ConfigurationException">A file cannot be read, or says nothing that makes sense.</exception>
    public static ConfiguredTexts Load(GatewayOptions options) => new(options.Text, options.Models);

    /// <summary>Of a model, or of all models; null if neither was configured.</summary>
    public TextEntry? Find(string model) => _entries.GetValueOrDefault(model) ?? _forAll;

    /// <summary>Of just this name.</summary>
    public TextEntry? FindOwn(string model) => _entries.GetValueOrDefault(model);

    /// <summary>A tokenizer made the text of a model: with what is wished for the model, and the format that its answers have.</summary>
    /// <param name="entry">Has files.</param>
    /// <param name="model">The model's canonical id.</param>
    /// <param name="architecture">As its engine tells it, or null.</param>
    public ModelText TextOf(TextEntry entry, string model, string? architecture)
    {
        var wishes = entry.Wishes.Over(_wishes.GetValueOrDefault(model, TextWishes.None)).Over(_common);
        var files = entry.Files!;
        return new ModelText(
            files.Tokenizer,
            wishes.Templates ?? files.Templates,
            files.SpecialTokens,
            ChatOutputFormat.For(model, wishes.ReasoningParser, wishes.ToolCallParser, architecture));
    }

    private static T ReadOrRefuse<T>(string key, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (ModelTextReader.IsBadFile(failure))
        {
            throw new ConfigurationException($"{key}: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }
}
