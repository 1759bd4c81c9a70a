using System.Text.Json;
using Gateway.Text.Tokenizers.Added;
using Gateway.Text.Tokenizers.Decoders;
using Gateway.Text.Tokenizers.Models;
using Gateway.Text.Tokenizers.PreTokenizers;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>Reads tokenizer.json. Vocabularies have tens of megabytes: they are read as they come, only the settings become a document.</summary>
/// <remarks>Truncation and padding, which some files carry from training, are not done: a gateway must not shorten a prompt.</remarks>
internal static class TokenizerJson
{
    public static Tokenizer Read(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("\uFEFF"u8))
            json = json[3..];
        var settings = new Dictionary<string, JsonElement>();
        ModelJson? model = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new TokenizerFormatException("tokenizer.json is not an object.");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                if (name == "model")
                    model = ModelJson.Read(json, ref reader);
                else
                    settings[name] = JsonElement.ParseValue(ref reader);
            }
            return Build(settings, model ?? throw new TokenizerFormatException("tokenizer.json has no model."));
        }
        catch (JsonException error)
        {
            throw new TokenizerFormatException("tokenizer.json is not valid JSON: " + error.Message, error);
        }
    }

    private static Tokenizer Build(Dictionary<string, JsonElement> settings, ModelJson file)
    {
        var normalizer = Get(settings, "normalizer") is { } normalizerJson ? NormalizerJson.Read(normalizerJson) : null;
        var steps = Get(settings, "pre_tokenizer") is { } preTokenizerJson ? PreTokenizerJson.Read(preTokenizerJson) : [];
        var spellsBytes = steps is [.., ByteLevelSpelling];
        var model = file.Build(spellsBytes);
        if (spellsBytes && model is ByteBpeModel)
            steps = steps[..^1];
        var added = Get(settings, "added_tokens") is { } addedJson ? addedJson.EnumerateArray().Select(ReadAdded).ToArray() : [];
        var decoders = Get(settings, "decoder") is { } decoderJson ? DecoderJson.Read(decoderJson) : null;
        return new Tokenizer(
            model,
            new AddedVocabulary(added, model.Vocabulary, normalizer),
            normalizer,
            steps,
            PostProcessorJson.Read(Get(settings, "post_processor")),
            new DecoderChain(decoders));
    }

    private static JsonElement? Get(Dictionary<string, JsonElement> settings, string name) =>
        settings.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static (AddedToken Token, int? Id) ReadAdded(JsonElement json) => (new AddedToken(
        json.Text("content"),
        json.Flag("special", otherwise: false),
        json.Flag("normalized", otherwise: true),
        json.Flag("single_word", otherwise: false),
        json.Flag("lstrip", otherwise: false),
        json.Flag("rstrip", otherwise: false)), null);
}
