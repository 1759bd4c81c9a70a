using System.Text.Json;
using Gateway.Text.Tokenizers.Loading;

namespace Gateway.Text.Tokenizers;

/// <summary>A model's folder: its tokenizer, and what <c>tokenizer_config.json</c> and the template files say.</summary>
public sealed class TokenizerFolder
{
    private const string DefaultTemplate = "default";

    /// <summary>
    /// Classes that put their own beginning and end around a text, from <c>add_bos_token</c> and <c>add_eos_token</c>,
    /// whatever the file's post-processor says; with what they do if the config does not say.
    /// </summary>
    private static readonly string[] FramingClasses =
        ["LlamaTokenizer", "LlamaTokenizerFast", "CodeLlamaTokenizer", "CodeLlamaTokenizerFast", "GemmaTokenizer", "GemmaTokenizerFast", "CohereTokenizerFast"];

    private readonly string _path;
    private readonly JsonElement _config;
    private readonly Dictionary<string, string> _chatTemplates = [];

    private TokenizerFolder(string path, JsonElement config)
    {
        _path = path;
        _config = config;
    }

    /// <summary>Gets what <c>tokenizer_config.json</c> says; an empty object if there is none.</summary>
    public JsonElement Config => _config;

    /// <summary>Gets the token that begins a text, or null.</summary>
    public string? BeginningToken => TokenNamed("bos_token");

    /// <summary>Gets the token that ends a text, or null.</summary>
    public string? EndToken => TokenNamed("eos_token");

    /// <summary>Gets the token for what is unknown, or null.</summary>
    public string? UnknownToken => TokenNamed("unk_token");

    /// <summary>Gets the token that fills up, or null.</summary>
    public string? PaddingToken => TokenNamed("pad_token");

    /// <summary>Gets the chat template that is used when none is named, or null.</summary>
    public string? ChatTemplate => _chatTemplates.GetValueOrDefault(DefaultTemplate);

    /// <summary>Gets all chat templates by name; <c>tool_use</c> and <c>rag</c> are other names that occur.</summary>
    public IReadOnlyDictionary<string, string> ChatTemplates => _chatTemplates;

    /// <summary>Opens a folder. Missing files are no error until the tokenizer is loaded.</summary>
    /// <exception cref="TokenizerFormatException">The config is broken.</exception>
    public static TokenizerFolder Open(string path)
    {
        var folder = new TokenizerFolder(path, ReadJson(Path.Combine(path, "tokenizer_config.json")) ?? JsonDocument.Parse("{}").RootElement);
        folder.ReadTemplates();
        return folder;
    }

    /// <summary>Gets a special token by its name in the config, such as <c>boi_token</c>, whether it is written as a string or as an object; or null.</summary>
    public string? TokenNamed(string name) =>
        _config.TextOrNull(name) ?? _config.Field(name)?.TextOrNull("content");

    /// <summary>Loads the tokenizer: <c>tokenizer.json</c> if there is one, else a tiktoken file, else <c>tokenizer.model</c>.</summary>
    /// <exception cref="TokenizerFormatException">There is none, or it is broken, or asks for what is not supported.</exception>
    public Tokenizer LoadTokenizer()
    {
        var json = Path.Combine(_path, "tokenizer.json");
        if (File.Exists(json))
            return Framed(TokenizerLoader.LoadJson(json), otherwise: false);
        var tiktoken = Directory.Exists(_path)
            ? Directory.EnumerateFiles(_path, "*.tiktoken").Concat(Directory.EnumerateFiles(_path, "tiktoken.model")).Order(StringComparer.Ordinal).FirstOrDefault()
            : null;
        if (tiktoken is not null)
            return TokenizerLoader.LoadTiktoken(tiktoken, TiktokenOptionsOf(Path.GetFileName(tiktoken)));
        var model = Path.Combine(_path, "tokenizer.model");
        return File.Exists(model)
            ? Framed(TokenizerLoader.LoadSentencePiece(model), otherwise: true)
            : throw new TokenizerFormatException($"{_path} has no tokenizer.json, no tiktoken file and no tokenizer.model.");
    }

    private static JsonElement? ReadJson(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonElement.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException error)
        {
            throw new TokenizerFormatException($"{path} is not valid JSON: {error.Message}", error);
        }
    }

    /// <summary>A file of its own counts more than the config.</summary>
    private void ReadTemplates()
    {
        if (_config.Field("chat_template") is { } template)
        {
            if (template.ValueKind == JsonValueKind.String)
            {
                _chatTemplates[DefaultTemplate] = template.GetString()!;
            }
            else if (template.ValueKind == JsonValueKind.Array)
            {
                foreach (var named in template.EnumerateArray())
                    _chatTemplates[named.Text("name")] = named.Text("template");
            }
        }
        if (ReadJson(Path.Combine(_path, "chat_template.json"))?.TextOrNull("chat_template") is { } fromJson)
            _chatTemplates[DefaultTemplate] = fromJson;
        var file = Path.Combine(_path, "chat_template.jinja");
        if (File.Exists(file))
            _chatTemplates[DefaultTemplate] = File.ReadAllText(file);
        var more = Path.Combine(_path, "additional_chat_templates");
        if (!Directory.Exists(more))
            return;
        foreach (var named in Directory.EnumerateFiles(more, "*.jinja"))
            _chatTemplates[Path.GetFileNameWithoutExtension(named)] = File.ReadAllText(named);
    }

    private Tokenizer Framed(Tokenizer tokenizer, bool otherwise)
    {
        var name = _config.TextOrNull("tokenizer_class");
        if (!FramingClasses.Contains(name) && !otherwise)
            return tokenizer;
        var defaultsToBeginning = FramingClasses.Contains(name);
        return tokenizer.WithFrame(
            _config.Flag("add_bos_token", defaultsToBeginning) ? BeginningToken : null,
            _config.Flag("add_eos_token", otherwise: !defaultsToBeginning && name?.StartsWith("T5", StringComparison.Ordinal) == true) ? EndToken : null);
    }

    /// <summary>A tiktoken file has no pattern and no special tokens; the models that come with one are few.</summary>
    private TiktokenOptions TiktokenOptionsOf(string file)
    {
        var pattern = (_config.TextOrNull("tokenizer_class"), file) switch
        {
            ("TikTokenTokenizer", _) => TiktokenOptions.KimiPattern,
            ("QWenTokenizer", _) or (_, "qwen.tiktoken") => PreTokenizers.Cl100kPattern.OneDigit,
            (_, "cl100k_base.tiktoken") => TiktokenOptions.Cl100kPattern,
            (_, "o200k_base.tiktoken" or "o200k_harmony.tiktoken") => TiktokenOptions.O200kPattern,
            (_, "gpt2.tiktoken" or "r50k_base.tiktoken" or "p50k_base.tiktoken") => TiktokenOptions.R50kPattern,
            _ => throw new TokenizerFormatException($"It is not known which pattern belongs to {file}."),
        };
        var special = new Dictionary<string, int>();
        if (_config.Field("added_tokens_decoder") is { ValueKind: JsonValueKind.Object } added)
        {
            foreach (var token in added.EnumerateObject())
                special[token.Value.Text("content")] = int.Parse(token.Name, System.Globalization.CultureInfo.InvariantCulture);
        }
        return new TiktokenOptions { Pattern = pattern, SpecialTokens = special };
    }
}
