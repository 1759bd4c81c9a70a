using System.Text;
using System.Text.Json;
using Gateway.Actors.Registry;
using Gateway.Host.Serving.Tokens.Planning;
using Gateway.Host.Serving.Tokens.Requests;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Api.Texts;

/// <summary>Text to tokens and back, as a model's engines would have it: <c>/v1/tokenize</c> and <c>/v1/detokenize</c>.</summary>
internal sealed class TokenizeEndpoints(RegistryView view, ModelTexts texts)
{
    private const int MostTexts = 2048;

    /// <summary><c>POST /v1/tokenize</c>: <c>prompt</c>, or <c>text</c>, is a text or a list of them.</summary>
    public TextAnswer Tokenize(FieldReader fields, CancellationToken cancellation)
    {
        var name = fields.Find("prompt") is null && fields.Find("text") is not null ? "text" : "prompt";
        if (fields.Find(name) is null)
            fields.Refuse(FieldError.Missing(name));
        var isOne = fields.Find(name)?.ValueKind == JsonValueKind.String;
        var prompts = fields.Texts(name, MostTexts);
        var addSpecialTokens = fields.Flag("add_special_tokens") ?? true;
        var tokenizer = FindTokenizer(fields);
        if (fields.Error is not null)
            return fields.Error;
        var tokens = new int[prompts.Count][];
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = tokenizer!.Encode(prompts[i], addSpecialTokens, texts.Cache, cancellation);
        return JsonAnswer.Format(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("tokens"u8);
            WriteOneOrAll(json, isOne, tokens, WriteTokens);
            json.WritePropertyName("count"u8);
            WriteOneOrAll(json, isOne, tokens, static (json, ids) => json.WriteNumberValue(ids.Length));
            json.WriteEndObject();
        });
    }

    /// <summary><c>POST /v1/detokenize</c>: <c>tokens</c> is a list of ids, or a list of such lists.</summary>
    public TextAnswer Detokenize(FieldReader fields, CancellationToken cancellation)
    {
        var skipSpecialTokens = fields.Flag("skip_special_tokens") ?? true;
        var tokens = ReadTokens(fields, out var isOne);
        var tokenizer = FindTokenizer(fields);
        if (fields.Error is not null)
            return fields.Error;
        var said = new string[tokens.Count];
        for (var i = 0; i < said.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            said[i] = tokenizer!.Decode(tokens[i], skipSpecialTokens);
        }

        return JsonAnswer.Format(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("text"u8);
            WriteOneOrAll(json, isOne, said, static (json, text) => json.WriteStringValue(text));
            json.WriteEndObject();
        });
    }

    private static List<int[]> ReadTokens(FieldReader fields, out bool isOne)
    {
        isOne = true;
        if (fields.Array("tokens") is not { } array)
        {
            fields.Refuse(FieldError.Missing("tokens"));
            return [];
        }

        if (array.GetArrayLength() == 0 || array[0].ValueKind != JsonValueKind.Array)
            return [fields.Tokens(array, "tokens")];
        isOne = false;
        if (array.GetArrayLength() > MostTexts)
            fields.Refuse(FieldError.TooMany("tokens", MostTexts, array.GetArrayLength()));
        var lists = new List<int[]>();
        foreach (var list in array.EnumerateArray())
        {
            var name = $"tokens[{lists.Count}]";
            if (list.ValueKind != JsonValueKind.Array)
                fields.Refuse(FieldError.WrongType(name, "an array of integers", list));
            lists.Add(list.ValueKind == JsonValueKind.Array ? fields.Tokens(list, name) : []);
        }

        return lists;
    }

    /// <summary>Of the model, or of just this name. Without a name it is that of the only model there is.</summary>
    private Tokenizer? FindTokenizer(FieldReader fields)
    {
        if (fields.Text("model") is { } name)
        {
            if (texts.Table.FindNamed(name)?.Files is { } files)
                return files.Tokenizer;
            if (view.Current.FindModel(Encoding.UTF8.GetBytes(name)) is { } model)
                return Known(fields, model);
            fields.Refuse(GatewayError.ModelNotFound(name));
            return null;
        }

        var models = view.Current.Models;
        if (models.Count == 1)
            return Known(fields, models.Values.First());
        fields.Refuse(models.Count == 0 ? GatewayError.ModelMissing : GatewayError.ModelIsAmbiguous);
        return null;
    }

    private Tokenizer? Known(FieldReader fields, ModelSnapshot model)
    {
        if (texts.Find(model) is { } text)
            return text.Tokenizer;
        fields.Refuse(texts.WhyNone(model));
        return null;
    }

    private static void WriteOneOrAll<T>(Utf8JsonWriter json, bool isOne, T[] items, Action<Utf8JsonWriter, T> write)
    {
        if (isOne)
        {
            write(json, items[0]);
            return;
        }

        json.WriteStartArray();
        foreach (var item in items)
            write(json, item);
        json.WriteEndArray();
    }

    private static void WriteTokens(Utf8JsonWriter json, int[] tokens)
    {
        json.WriteStartArray();
        foreach (var token in tokens)
            json.WriteNumberValue(token);
        json.WriteEndArray();
    }
}
