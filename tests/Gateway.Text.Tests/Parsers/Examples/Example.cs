namespace Gateway.Text.Tests.Parsers.Examples;

/// <summary>An answer of a model, and what it means, in the lines of an <see cref="EventLog"/>.</summary>
/// <param name="Rule">What is true of it, as a sentence.</param>
public sealed record Example(string Dialect, string Rule, string Text, params string[] Meaning)
{
    public override string ToString() => $"{Dialect}: {Rule}";
}
