using System.Buffers.Text;
using System.Text.Json;
using Gateway.Host.Api;

namespace Gateway.Host.Serving;

/// <summary>
/// What the gateway reads of a request's body: the top-level <c>model</c>, <c>stream</c> and the most tokens of the answer, where the
/// prompt is, and where more members can be added. As with the engines' parsers,
/// the last of duplicate keys counts. Values that are skipped are not checked: the engine will parse them anyway.
/// </summary>
/// <param name="ModelStart">Where the value of <c>model</c> begins in the body, with its opening quote.</param>
/// <param name="ModelLength">Its length in bytes with both quotes; 0 if there is none, or it is null.</param>
/// <param name="ModelIsEscaped">True if it contains escape sequences.</param>
/// <param name="Stream">The value of <c>stream</c>; false if there is none, or it is null.</param>
/// <param name="PromptStart">Where the value of <c>messages</c>, <c>prompt</c>, <c>text</c> or <c>input</c> begins, whichever comes last; or
/// of <c>input_ids</c>.</param>
/// <param name="PromptLength">Its length in bytes; 0 if there is none.</param>
/// <param name="MaxTokens">The value of <c>max_completion_tokens</c> or <c>max_tokens</c>, the last of them; 0 if there is none, or it makes no sense.</param>
/// <param name="ReturnLogprob">True if SGLang's <c>return_logprob</c> is.</param>
/// <param name="ObjectEnd">Where the closing brace is.</param>
/// <param name="IsEmpty">True if the object has no members.</param>
internal readonly record struct RequestPeek(
    int ModelStart,
    int ModelLength,
    bool ModelIsEscaped,
    bool Stream,
    int PromptStart,
    int PromptLength,
    int MaxTokens,
    bool ReturnLogprob,
    int ObjectEnd,
    bool IsEmpty)
{
    private enum Field
    {
        Other,
        Model,
        Stream,
        Prompt,
        MaxTokens,
        ReturnLogprob,
    }

    public bool HasModel => ModelLength > 0;

    /// <summary>The bytes between the quotes of <c>model</c>.</summary>
    public ReadOnlySpan<byte> RawModel(ReadOnlySpan<byte> body) => body.Slice(ModelStart + 1, ModelLength - 2);

    /// <summary>What the engine will prefill, as JSON.</summary>
    public ReadOnlySpan<byte> Prompt(ReadOnlySpan<byte> body) => body.Slice(PromptStart, PromptLength);

    /// <summary>Looks through a body.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public static GatewayError? Read(ReadOnlySpan<byte> body, out RequestPeek peek)
    {
        peek = default;
        var scanner = new JsonScanner(body);
        if (!scanner.TryTake((byte)'{'))
            return scanner.AtEnd ? GatewayError.InvalidJson : GatewayError.BodyIsNoObject;

        GatewayError? wrongModel = null;
        GatewayError? wrongStream = null;
        var more = !scanner.TryTake((byte)'}');
        peek = peek with { IsEmpty = !more };
        while (more)
        {
            if (!scanner.TryReadString(out var key) || !scanner.TryTake((byte)':'))
                return GatewayError.InvalidJson;
            if (!TryName(body, key, out var field) || !scanner.TrySkipValue(out var value))
                return GatewayError.InvalidJson;
            if (field == Field.Model)
                wrongModel = ReadModel(body, value, ref peek);
            else if (field == Field.Stream)
                wrongStream = ReadStream(body, value, ref peek);
            else if (field == Field.Prompt)
                peek = peek with { PromptStart = value.Start, PromptLength = value.Length };
            else if (field == Field.MaxTokens)
                ReadMaxTokens(body, value, ref peek);
            else if (field == Field.ReturnLogprob)
                peek = peek with { ReturnLogprob = body.Slice(value.Start, value.Length).SequenceEqual("true"u8) };

            if (scanner.TryTake((byte)','))
                continue;
            if (!scanner.TryTake((byte)'}'))
                return GatewayError.InvalidJson;
            more = false;
        }

        peek = peek with { ObjectEnd = scanner.Position - 1 };
        return scanner.AtEnd ? wrongModel ?? wrongStream : GatewayError.InvalidJson;
    }

    /// <summary>Unescapes the value of <c>model</c>.</summary>
    /// <param name="destination">At least as long as the raw value.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False if an escape sequence is malformed.</returns>
    public bool TryUnescapeModel(ReadOnlySpan<byte> body, Span<byte> destination, out int written)
    {
        written = 0;
        try
        {
            var reader = new Utf8JsonReader(body.Slice(ModelStart, ModelLength));
            reader.Read();
            written = reader.CopyString(destination);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>No client writes these names with escapes: those of a prompt are not looked for.</summary>
    private static bool IsPrompt(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("messages"u8) || name.SequenceEqual("prompt"u8) || name.SequenceEqual("text"u8) || name.SequenceEqual("input"u8)
        || name.SequenceEqual("input_ids"u8);

    private static bool TryName(ReadOnlySpan<byte> body, JsonSlice key, out Field field)
    {
        field = Field.Other;
        var name = body.Slice(key.Start + 1, key.Length - 2);
        if (!key.IsEscaped)
        {
            if (name.SequenceEqual("model"u8))
                field = Field.Model;
            else if (name.SequenceEqual("stream"u8))
                field = Field.Stream;
            else if (IsPrompt(name))
                field = Field.Prompt;
            else if (name.SequenceEqual("max_tokens"u8) || name.SequenceEqual("max_completion_tokens"u8))
                field = Field.MaxTokens;
            else if (name.SequenceEqual("return_logprob"u8))
                field = Field.ReturnLogprob;
            return true;
        }

        try
        {
            var reader = new Utf8JsonReader(body.Slice(key.Start, key.Length));
            reader.Read();
            if (reader.ValueTextEquals("model"u8))
                field = Field.Model;
            else if (reader.ValueTextEquals("stream"u8))
                field = Field.Stream;
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static GatewayError? ReadModel(ReadOnlySpan<byte> body, JsonSlice value, ref RequestPeek peek)
    {
        var raw = body.Slice(value.Start, value.Length);
        var isString = raw[0] == '"';
        peek = isString
            ? peek with { ModelStart = value.Start, ModelLength = value.Length, ModelIsEscaped = value.IsEscaped }
            : peek with { ModelStart = 0, ModelLength = 0, ModelIsEscaped = false };
        return isString || raw.SequenceEqual("null"u8) ? null : GatewayError.ModelIsNoString;
    }

    private static GatewayError? ReadStream(ReadOnlySpan<byte> body, JsonSlice value, ref RequestPeek peek)
    {
        var raw = body.Slice(value.Start, value.Length);
        peek = peek with { Stream = raw.SequenceEqual("true"u8) };
        return peek.Stream || raw.SequenceEqual("false"u8) || raw.SequenceEqual("null"u8) ? null : GatewayError.StreamIsNoBoolean;
    }

    /// <summary>An engine complains about what is no number; here it is only good for an estimate.</summary>
    private static void ReadMaxTokens(ReadOnlySpan<byte> body, JsonSlice value, ref RequestPeek peek)
    {
        var raw = body.Slice(value.Start, value.Length);
        if (Utf8Parser.TryParse(raw, out int number, out var length) && length == raw.Length && number > 0)
            peek = peek with { MaxTokens = number };
    }
}
