using System.Buffers.Text;
using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Gateway.Text.Templates.Values;

/// <summary>
/// Reads JSON into values in one pass over its bytes. Strings stay where they are (see <see cref="JsonText"/>), except short ones: those
/// are roles, types and names, which templates compare and look up.
/// </summary>
internal static class JsonValues
{
    /// <summary>Deeper than any tool's schema, and far from the stack's end.</summary>
    public const int MaxDepth = 64;

    private const int ShortLength = 32;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>The words of the OpenAI API and of JSON Schema, so that they cost no string for each message.</summary>
    private static readonly FrozenSet<string> Words = FrozenSet.Create(
        StringComparer.Ordinal,
        "role", "content", "user", "assistant", "system", "developer", "tool", "tool_calls", "tool_call_id", "function", "name", "arguments",
        "type", "text", "id", "image", "image_url", "url", "description", "parameters", "properties", "required", "object", "string",
        "integer", "number", "boolean", "array", "items", "enum", "default", "reasoning_content", "reasoning", "thinking", "detail",
        "input_audio", "audio", "video", "video_url", "title", "additionalProperties", "strict", "anyOf", "nullable", "return");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> WordsBySpan =
        Words.GetAlternateLookup<ReadOnlySpan<char>>();

    public static Value Read(ReadOnlyMemory<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8.Span, Options);
        try
        {
            reader.Read();
            var value = Read(ref reader, utf8);
            return reader.Read()
                ? throw new TemplateException(TemplateFailure.Runtime, "there is more than one value in the JSON")
                : value;
        }
        catch (JsonException e)
        {
            throw new TemplateException($"the JSON given to the template cannot be read: {e.Message}", e);
        }
    }

    private static Value Read(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, utf8),
        JsonTokenType.StartArray => ReadArray(ref reader, utf8),
        JsonTokenType.String => ReadText(ref reader, utf8),
        JsonTokenType.Number => ReadNumber(ref reader),
        JsonTokenType.True => Value.True,
        JsonTokenType.False => Value.False,
        _ => Value.None,
    };

    private static Value ReadObject(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8)
    {
        var entries = new DictionaryValue();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = ReadKey(ref reader, utf8);
            reader.Read();
            entries.Set(Value.Of(key), Read(ref reader, utf8));
        }

        entries.Freeze();
        return Value.Of(entries);
    }

    private static Value ReadArray(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8)
    {
        var items = new List<Value>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Read(ref reader, utf8));
        return Value.Of(new ListValue([.. items], isReadOnly: true));
    }

    private static string ReadKey(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8) =>
        TryReadWord(ref reader) ?? Lying(ref reader, utf8).ToString();

    private static Value ReadText(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8)
    {
        if (TryReadWord(ref reader) is { } word)
            return Value.Of(word);
        var text = Lying(ref reader, utf8);
        return reader.ValueSpan.Length <= ShortLength ? Value.Of(text.ToString()) : Value.Of(text);
    }

    private static string? TryReadWord(ref Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        if (raw.IsEmpty)
            return "";
        if (raw.Length > ShortLength || reader.ValueIsEscaped || !Ascii.IsValid(raw))
            return null;
        Span<char> characters = stackalloc char[ShortLength];
        Ascii.ToUtf16(raw, characters, out var length);
        return WordsBySpan.TryGetValue(characters[..length], out var word) ? word : null;
    }

    private static JsonText Lying(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8) =>
        new(utf8.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length), reader.ValueIsEscaped);

    private static Value ReadNumber(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var integer) && reader.ValueSpan.IndexOfAny("eE."u8) < 0)
            return Value.Of(integer);
        if (reader.ValueSpan.IndexOfAny("eE."u8) < 0)
        {
            // Python refuses integers of more than 4,300 digits too.
            return reader.ValueSpan.Length <= 4300
                ? Value.Of(BigInteger.Parse(Encoding.ASCII.GetString(reader.ValueSpan), CultureInfo.InvariantCulture))
                : throw new TemplateException(TemplateFailure.Runtime, "an integer in the JSON has more than 4300 digits");
        }

        return Utf8Parser.TryParse(reader.ValueSpan, out double number, out _) ? Value.Of(number) : Value.Of(reader.GetDouble());
    }
}
