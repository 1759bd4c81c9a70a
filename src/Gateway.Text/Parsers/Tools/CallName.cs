namespace Gateway.Text.Parsers.Tools;

/// <summary>
/// What may be a function's name. Wider than OpenAI's letters, digits, "_" and "-", for servers of tools use dots and slashes too; narrow
/// enough that a marker or a sentence is no name.
/// </summary>
internal static class CallName
{
    /// <summary>OpenAI allows 64 characters; Kimi's ids stand where the name does, and are longer.</summary>
    public const int MaxLength = 256;

    public static bool Allows(char character) =>
        char.IsLetterOrDigit(character) || character is '_' or '-' or '.' or ':' or '/' or '$' or '@';

    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxLength)
            return false;
        foreach (var character in name)
        {
            if (!Allows(character))
                return false;
        }

        return true;
    }
}
