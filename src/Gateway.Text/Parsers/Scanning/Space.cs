namespace Gateway.Text.Parsers.Scanning;

/// <summary>
/// The white space that models and templates put around markers. It belongs to the marker it touches and is dropped with it; no-break and
/// ideographic spaces are text.
/// </summary>
internal static class Space
{
    private const string Characters = " \n\r\t";

    public static bool Is(char character) => character is ' ' or '\n' or '\r' or '\t';

    /// <summary>How many characters of white space the text begins with.</summary>
    public static int Leading(ReadOnlySpan<char> text) => text.Length - text.TrimStart(Characters).Length;

    public static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text) => text.TrimStart(Characters);

    public static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text) => text.TrimEnd(Characters);

    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => text.Trim(Characters);
}
