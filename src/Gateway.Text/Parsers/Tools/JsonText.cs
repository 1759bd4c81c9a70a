using System.Buffers;
using System.Text.Json;
using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>Writes JSON strings, and asks whether a text is JSON.</summary>
internal static class JsonText
{
    private static readonly SearchValues<char> _escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(static code => (char)code), '"', '\\']);

    /// <summary>Appends the inside of a JSON string. Only what JSON demands is escaped, so that other scripts stay readable.</summary>
    public static void AppendEscaped(TextBuffer output, ReadOnlySpan<char> text)
    {
        while (true)
        {
            var next = text.IndexOfAny(_escaped);
            if (next < 0)
            {
                output.Append(text);
                return;
            }

            output.Append(text[..next]);
            AppendEscape(output, text[next]);
            text = text[(next + 1)..];
        }
    }

    public static void AppendString(TextBuffer output, ReadOnlySpan<char> text)
    {
        output.Append('"');
        AppendEscaped(output, text);
        output.Append('"');
    }

    /// <summary>The kind of a text that is one JSON value; undefined if it is none.</summary>
    public static JsonValueKind KindOf(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return JsonValueKind.Undefined;
        try
        {
            using var document = JsonDocument.Parse(text.ToString());
            return document.RootElement.ValueKind;
        }
        // Half a surrogate pair is no text that could be JSON.
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return JsonValueKind.Undefined;
        }
    }

    private static void AppendEscape(TextBuffer output, char character)
    {
        switch (character)
        {
            case '"':
                output.Append("\\\"");
                break;
            case '\\':
                output.Append("\\\\");
                break;
            case '\n':
                output.Append("\\n");
                break;
            case '\r':
                output.Append("\\r");
                break;
            case '\t':
                output.Append("\\t");
                break;
            default:
                output.Append("\\u00");
                output.Append(character < 0x10 ? '0' : '1');
                output.Append("0123456789abcdef"[character & 0xF]);
                break;
        }
    }
}
