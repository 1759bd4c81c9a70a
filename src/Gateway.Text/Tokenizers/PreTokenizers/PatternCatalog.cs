namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>Finds the code for a pattern that real models use, and translates the rest.</summary>
internal static class PatternCatalog
{
    public static Pattern Of(string regex, RegexDialect dialect) => regex switch
    {
        Gpt2Pattern.Source => new Gpt2Pattern(),
        Cl100kPattern.ThreeDigits or Cl100kPattern.ThreeDigitsPossessive => new Cl100kPattern(longestNumber: 3),
        Cl100kPattern.OneDigit => new Cl100kPattern(longestNumber: 1),
        O200kPattern.Source => new O200kPattern(),
        NumberPattern.Source => new NumberPattern(),
        DeepSeekCjkPattern.Source => new DeepSeekCjkPattern(),
        DeepSeekWordPattern.Source => new DeepSeekWordPattern(),
        _ => new RegexPattern(regex, dialect),
    };
}
