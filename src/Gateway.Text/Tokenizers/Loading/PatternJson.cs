using System.Text.Json;
using Gateway.Text.Tokenizers.PreTokenizers;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>Reads a pattern: a literal string, or a regular expression in the original's dialect.</summary>
internal static class PatternJson
{
    public static Pattern Read(JsonElement? json)
    {
        if (json is { ValueKind: JsonValueKind.String } text)
            return new LiteralPattern(text.GetString()!);
        if (json?.TextOrNull("String") is { } literal)
            return new LiteralPattern(literal);
        return json?.TextOrNull("Regex") is { } regex
            ? PatternCatalog.Of(regex, RegexDialect.Oniguruma)
            : throw new TokenizerFormatException("A pattern is neither a String nor a Regex.");
    }
}
