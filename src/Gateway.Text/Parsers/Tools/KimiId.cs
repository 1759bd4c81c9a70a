namespace Gateway.Text.Parsers.Tools;

/// <summary>Kimi's ids, which stand where others write a name: "functions.get_weather:0".</summary>
internal static class KimiId
{
    private const string Prefix = "functions.";

    /// <returns>The name, and the id if it is one of that form; otherwise one is made.</returns>
    public static (string Name, string? Id) Parse(ReadOnlySpan<char> text)
    {
        var name = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        var colon = name.LastIndexOf(':');
        var numbered = colon > 0 && colon < name.Length - 1 && !name[(colon + 1)..].ContainsAnyExceptInRange('0', '9');
        if (numbered)
            name = name[..colon];
        var isId = numbered && name.Length < text.Length && text.StartsWith(Prefix, StringComparison.Ordinal);
        return name.IsEmpty ? (text.ToString(), null) : (name.ToString(), isId ? text.ToString() : null);
    }
}
