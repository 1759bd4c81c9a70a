using Gateway.Text.Tokenizers;

namespace Gateway.Text.Detokenization;

/// <summary>
/// Ends one text at a stop string, however the text is cut into parts. Held back is only what may be the beginning of one;
/// nothing at all if stop strings are sent along.
/// </summary>
/// <remarks>Not safe from several threads.</remarks>
public sealed class StopMatcher(StopSequences stops) : IDisposable
{
    private readonly CharBuffer _output = new();
    private int _node;

    /// <summary>Gets the string that ended the text, or null.</summary>
    public string? Matched { get; private set; }

    /// <summary>Takes the next part, and gives the text that can be sent; valid until the next call, and as long as the part is. Nothing after a match.</summary>
    public ReadOnlySpan<char> Push(ReadOnlySpan<char> part)
    {
        if (Matched is not null)
            return default;
        var held = stops.Included ? default : stops.SeenAt(_node);
        for (var index = 0; index < part.Length; index++)
        {
            if (_node == 0)
            {
                var next = part[index..].IndexOfAny(stops.FirstUnits);
                if (next < 0)
                    break;
                index += next;
            }
            _node = stops.Step(_node, part[index]);
            Matched = stops.StopAt(_node);
            if (Matched is not null)
                return Send(held, part[..(index + 1)], stops.Included ? 0 : Matched.Length);
        }
        return Send(held, part, stops.Included ? 0 : stops.SeenAt(_node).Length);
    }

    /// <summary>Gives what is held back, when the text is over.</summary>
    public ReadOnlySpan<char> Finish() => Matched is not null || stops.Included ? default : stops.SeenAt(_node);

    /// <inheritdoc/>
    public void Dispose() => _output.Dispose();

    /// <summary>Gives what was held and the part, without the units at the end that are kept.</summary>
    private ReadOnlySpan<char> Send(ReadOnlySpan<char> held, ReadOnlySpan<char> part, int kept)
    {
        if (kept >= held.Length + part.Length)
            return default;
        if (held.IsEmpty)
            return part[..^kept];
        if (kept >= part.Length)
            return held[..(held.Length + part.Length - kept)];
        _output.Clear();
        _output.Add(held);
        _output.Add(part[..^kept]);
        return _output.Span;
    }
}
