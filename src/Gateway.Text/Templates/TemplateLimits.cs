namespace Gateway.Text.Templates;

/// <summary>
/// What one rendering may use. A template comes with a model and is trusted little; a conversation is not trusted at all. The defaults
/// are some hundred times of what a conversation of a megabyte needs.
/// </summary>
public sealed record TemplateLimits
{
    public static TemplateLimits Default { get; } = new();

    /// <summary>Statements run, expressions called, items made, and one more for each 16 characters that a string operation reads or makes.</summary>
    public long MaxSteps { get; init; } = 20_000_000;

    /// <summary>Characters of the output, and of any single string made on the way.</summary>
    public int MaxOutputLength { get; init; } = 32 * 1024 * 1024;

    /// <summary>Macros in macros, and lists in lists where one is printed or compared.</summary>
    public int MaxDepth { get; init; } = 64;
}
