using System.Text.Json;
using Gateway.Text.Tokenizers.Models;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>The model of tokenizer.json: its settings, and its vocabulary and merges, which are too large for a document.</summary>
internal sealed class ModelJson
{
    private readonly Dictionary<string, JsonElement> _settings = [];
    private Vocabulary? _vocabulary;
    private UnigramVocabulary? _unigram;
    private MergeTable? _merges;

    private ModelJson()
    {
    }

    public static ModelJson Read(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var model = new ModelJson();
        Range merges = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            switch (name, reader.TokenType)
            {
                case ("vocab", JsonTokenType.StartObject):
                    model._vocabulary = VocabularyJson.Read(ref reader);
                    break;
                case ("vocab", JsonTokenType.StartArray):
                    model._unigram = UnigramVocabulary.Read(ref reader);
                    break;
                case ("merges", JsonTokenType.StartArray):
                    // They are read when the vocabulary, which may stand behind them, is known.
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    merges = start..(int)reader.BytesConsumed;
                    break;
                default:
                    model._settings[name] = JsonElement.ParseValue(ref reader);
                    break;
            }
        }
        if (model._vocabulary is not null && !merges.Equals(default))
            model._merges = MergesJson.Read(json[merges], model._vocabulary, model.Text("continuing_subword_prefix")?.Length ?? 0);
        return model;
    }

    /// <summary>Builds the model.</summary>
    /// <param name="spellsBytes">Whether it is given text that is spelled in the byte-level alphabet.</param>
    public TokenModel Build(bool spellsBytes)
    {
        // Files of the first years name no type.
        var type = Text("type") ?? (_merges is not null ? "BPE" : _unigram is not null ? "Unigram" : "WordPiece");
        return type switch
        {
            "BPE" => BuildBpe(spellsBytes),
            "Unigram" => new UnigramModel(
                _unigram ?? throw Missing("vocab"),
                Number("unk_id"),
                Flag("byte_fallback")),
            "WordPiece" => new WordPieceModel(
                _vocabulary ?? throw Missing("vocab"),
                Text("unk_token") ?? throw Missing("unk_token"),
                Text("continuing_subword_prefix") ?? "##",
                Number("max_input_chars_per_word") ?? 100),
            "WordLevel" => new WordLevelModel(_vocabulary ?? throw Missing("vocab"), Text("unk_token") ?? throw Missing("unk_token")),
            _ => throw new TokenizerFormatException($"Models of type {type} are not supported."),
        };
    }

    private TokenModel BuildBpe(bool spellsBytes)
    {
        if (_settings.TryGetValue("dropout", out var dropout) && dropout.ValueKind == JsonValueKind.Number && dropout.GetDouble() != 0)
            throw new TokenizerFormatException("A model with dropout gives different ids each time; that is for training.");
        var options = new BpeOptions
        {
            UnknownToken = Text("unk_token"),
            ContinuingSubwordPrefix = Text("continuing_subword_prefix") is { Length: > 0 } prefix ? prefix : null,
            EndOfWordSuffix = Text("end_of_word_suffix") is { Length: > 0 } suffix ? suffix : null,
            FuseUnknown = Flag("fuse_unk"),
            ByteFallback = Flag("byte_fallback"),
            IgnoreMerges = Flag("ignore_merges"),
        };
        var vocabulary = _vocabulary ?? throw Missing("vocab");
        var merges = _merges ?? throw Missing("merges");
        return spellsBytes && options is { UnknownToken: null, ContinuingSubwordPrefix: null, EndOfWordSuffix: null, ByteFallback: false }
            ? new ByteBpeModel(vocabulary, merges, options.IgnoreMerges)
            : new BpeModel(vocabulary, merges, options);
    }

    private string? Text(string name) =>
        _settings.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private bool Flag(string name) => _settings.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.True;

    private int? Number(string name) =>
        _settings.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    private static TokenizerFormatException Missing(string name) => new($"The model has no {name}.");
}
