using Gateway.Text.Parsers.Scanning;

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

/// <summary>Reads a name up to a marker; space around it is dropped.</summary>
internal sealed class NameReader(CallWriter calls, MarkerSet ends, bool consumesEnd)
{
    private readonly TextBuffer _name = new();
    private bool _spaceAfter;

    public ReadOnlySpan<char> Name => _name.Text;

    public void Begin()
    {
        _name.Clear();
        _spaceAfter = false;
    }

    /// <param name="end">Which marker ended it, when done.</param>
    public ReadProgress Read(ReadOnlySpan<char> text, out int consumed, out int end)
    {
        consumed = 0;
        end = MarkerSet.NotHere;
        while (consumed < text.Length)
        {
            var character = text[consumed];
            if (_name.IsEmpty && Space.Is(character))
            {
                calls.Hold(character);
                consumed++;
                continue;
            }

            end = ends.At(text[consumed..]);
            if (end == MarkerSet.Undecided)
                return ReadProgress.More;
            if (end >= 0)
            {
                if (_name.IsEmpty)
                    return ReadProgress.Failed;
                if (consumesEnd)
                {
                    calls.Hold(ends[end]);
                    consumed += ends[end].Length;
                }

                return ReadProgress.Done;
            }

            if (Space.Is(character))
                _spaceAfter = true;
            else if (_spaceAfter || !CallName.Allows(character) || _name.Length == CallName.MaxLength)
                return ReadProgress.Failed;
            else
                _name.Append(character);
            calls.Hold(character);
            consumed++;
        }

        return ReadProgress.More;
    }
}
