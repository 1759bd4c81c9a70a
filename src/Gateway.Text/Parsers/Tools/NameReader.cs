using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

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
