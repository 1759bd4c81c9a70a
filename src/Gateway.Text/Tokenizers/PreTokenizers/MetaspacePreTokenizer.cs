using System.Text.Json;
using Gateway.Text.Tokenizers.Loading;

namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>Writes spaces as a mark, and puts one in front.</summary>
internal sealed class MetaspacePreTokenizer(char mark, MetaspaceScheme scheme) : PreTokenizer
{
    /// <summary>Reads the scheme; older files say <c>add_prefix_space</c> instead.</summary>
    public static MetaspaceScheme SchemeOf(JsonElement json)
    {
        if (json.TextOrNull("prepend_scheme") is { } name)
        {
            return Enum.TryParse<MetaspaceScheme>(name, ignoreCase: true, out var scheme)
                ? scheme
                : throw new TokenizerFormatException($"{name} is not a prepend scheme.");
        }
        return json.Flag("add_prefix_space", otherwise: true) ? MetaspaceScheme.Always : MetaspaceScheme.Never;
    }

    public override void Split(ReadOnlySpan<char> text, bool atStart, EncodeRun run, int next)
    {
        using var buffer = new CharBuffer();
        var hasMark = text[0] == ' ' || text[0] == mark;
        if (!hasMark && (scheme == MetaspaceScheme.Always || (scheme == MetaspaceScheme.First && atStart)))
            buffer.Add(mark);
        var from = buffer.Length;
        buffer.Add(text);
        buffer.Span[from..].Replace(' ', mark);
        run.Pass(buffer.Span, atStart, next);
    }
}
