using System.Buffers;

namespace Gateway.Text.Parsers.Scanning;

/// <summary>
/// A few markers that are looked for at once. A text that ends inside what may become a marker is told apart from one that has none, so
/// that a stream holds back those characters and no others.
/// </summary>
/// <remarks>
/// Each place where a marker's first character stands is compared with each marker. Markers are short and few, and their first character
/// is rare in prose, so this is cheaper than an automaton, and as linear.
/// </remarks>
internal sealed class MarkerSet
{
    /// <summary>No marker begins here, whatever follows.</summary>
    public const int NotHere = -1;

    /// <summary>The text ends before it is decided.</summary>
    public const int Undecided = -2;

    private readonly string[] _markers;
    private readonly SearchValues<char> _firstCharacters;

    public MarkerSet(params IEnumerable<string> markers)
    {
        _markers = [.. markers];
        // With one marker the beginning of another, what is found would depend on where the stream was cut.
        foreach (var marker in _markers)
        {
            if (marker.Length == 0 || _markers.Count(other => other.StartsWith(marker, StringComparison.Ordinal)) > 1)
                throw new ArgumentException($"'{marker}' is empty, or the beginning of another marker", nameof(markers));
        }

        _firstCharacters = SearchValues.Create([.. _markers.Select(static marker => marker[0])]);
    }

    /// <summary>The marker of a number that <see cref="At"/> or <see cref="Find"/> returned.</summary>
    public string this[int index] => _markers[index];

    /// <summary>Which marker stands at the beginning of the text.</summary>
    /// <returns>Its number, <see cref="NotHere"/> or <see cref="Undecided"/>.</returns>
    public int At(ReadOnlySpan<char> text)
    {
        var result = NotHere;
        for (var i = 0; i < _markers.Length; i++)
        {
            var marker = _markers[i];
            if (text.Length >= marker.Length)
            {
                if (text.StartsWith(marker, StringComparison.Ordinal))
                    return i;
            }
            else if (marker.AsSpan().StartsWith(text, StringComparison.Ordinal))
            {
                result = Undecided;
            }
        }

        return result;
    }

    /// <summary>The first place where a marker begins, or may begin.</summary>
    /// <param name="start">That place; the text's length if there is none.</param>
    /// <returns>As for <see cref="At"/>.</returns>
    public int Find(ReadOnlySpan<char> text, out int start)
    {
        start = 0;
        while (true)
        {
            var next = text[start..].IndexOfAny(_firstCharacters);
            if (next < 0)
            {
                start = text.Length;
                return NotHere;
            }

            start += next;
            var found = At(text[start..]);
            if (found != NotHere)
                return found;
            start++;
        }
    }
}
