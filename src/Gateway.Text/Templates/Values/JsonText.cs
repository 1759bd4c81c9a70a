using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gateway.Text.Templates.Values;

/// <summary>
/// A string as it lies in JSON, without its quotation marks. It becomes a .NET string when an operation needs one, once; printed as it
/// is, it never does: contents of a megabyte go from the request's bytes straight into the prompt.
/// </summary>
internal sealed class JsonText(ReadOnlyMemory<byte> utf8, bool escaped)
{
    private string? _decoded;

    /// <summary>Never less than the characters it decodes to.</summary>
    public int LengthBound => utf8.Length;

    public bool IsEmpty => utf8.IsEmpty;

    /// <summary>Whether it is in JSON as it is outside of it.</summary>
    public bool IsPlain => !escaped;

    public override string ToString()
    {
        if (_decoded is { } decoded)
            return decoded;
        if (!escaped)
            return _decoded = Encoding.UTF8.GetString(utf8.Span);
        using var text = new PooledText(utf8.Length);
        Unescape(text);
        return _decoded = text.ToString();
    }

    public void WriteTo(PooledText output)
    {
        if (_decoded is { } decoded)
            output.Write(decoded);
        else if (escaped)
            Unescape(output);
        else
            output.WriteUtf8(utf8.Span);
    }

    /// <summary>A surrogate that has no other half becomes U+FFFD, so that what is rendered can always be encoded.</summary>
    private void Unescape(PooledText output)
    {
        var rest = utf8.Span;
        while (rest.IndexOf((byte)'\\') is >= 0 and var at)
        {
            output.WriteUtf8(rest[..at]);
            rest = rest[(at + 1)..];
            if (rest[0] != (byte)'u')
            {
                output.Write(Escaped(rest[0]));
                rest = rest[1..];
                continue;
            }

            var unit = Hexadecimal(rest);
            rest = rest[5..];
            if (char.IsHighSurrogate(unit)
                && rest.Length >= 6 && rest[0] == (byte)'\\' && rest[1] == (byte)'u'
                && Hexadecimal(rest[1..]) is var low && char.IsLowSurrogate(low))
            {
                output.Write(unit);
                output.Write(low);
                rest = rest[6..];
            }
            else
            {
                output.Write(char.IsSurrogate(unit) ? '\uFFFD' : unit);
            }
        }

        output.WriteUtf8(rest);
    }

    private static char Hexadecimal(ReadOnlySpan<byte> fromLetter) =>
        ushort.TryParse(fromLetter.Slice(1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : '\uFFFD';

    private static char Escaped(byte letter) => letter switch
    {
        (byte)'n' => '\n',
        (byte)'t' => '\t',
        (byte)'r' => '\r',
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        _ => (char)letter,
    };
}
