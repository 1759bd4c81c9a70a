using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>
/// Takes an answer apart into content and calls. Text between markers that is no call, or ceases to be one before it was announced, is
/// content from its marker on, to the letter; after it was announced the call ends there, and what follows is content.
/// </summary>
/// <remarks>
/// Space that touches a marker is dropped with it; so an answer of calls alone has no content. Therefore space is kept back in content until
/// it is known what follows.
/// </remarks>
internal sealed class ToolCallParser : TextScanner
{
    private readonly ToolDialect _dialect;
    private readonly IOutputSink _sink;
    private readonly CallWriter _calls;
    private readonly CallReader _reader;
    private Place _place;

    public ToolCallParser(ToolDialect dialect, IReadOnlyList<ToolDefinition> tools, IOutputSink sink, Random random)
    {
        _dialect = dialect;
        _sink = sink;
        _calls = new(sink, new(dialect.Ids, random));
        _reader = dialect.CreateReader(_calls, new(tools));
    }

    private enum Place
    {
        Text,

        /// <summary>After a marker that said that calls come.</summary>
        BeforeCall,
        Call,
        AfterCall,
    }

    /// <summary>How many calls ended whole.</summary>
    public int Completed => _calls.Completed;

    protected override int Scan(ReadOnlySpan<char> text)
    {
        var done = 0;
        while (done < text.Length)
        {
            var before = (_place, done);
            done += _place switch
            {
                Place.Text => ScanText(text[done..]),
                Place.Call => ScanCall(text[done..]),
                _ => ScanBetween(text[done..]),
            };
            if ((_place, done) == before)
                break;
        }

        return done;
    }

    protected override void End(ReadOnlySpan<char> rest)
    {
        if (_place == Place.Call)
        {
            _reader.Cut(rest);
            if (_calls.InCall)
            {
                _calls.End(_reader.IsWhole);
                _calls.Drop();
                return;
            }

            // The list of calls is not closed, but nothing is open in it.
            if (_calls.Unsettled.IsEmpty)
                return;
        }

        // The beginning of a closing marker is a marker that was cut, and no text.
        if (_place == Place.AfterCall && !rest.IsEmpty && _dialect.Closing.Set.At(rest) == MarkerSet.Undecided)
            rest = [];
        _calls.Hold(rest);
        if (_place == Place.AfterCall)
            _calls.ReleaseAsContentAfterCall();
        else
            _calls.ReleaseAsContent();
    }

    private int ScanText(ReadOnlySpan<char> text)
    {
        var markers = _dialect.InText;
        var found = markers.Set.Find(text, out var start);
        WriteText(text[..start]);
        return found < 0 ? start : start + Enter(markers.Set[found], markers.Role(found));
    }

    private void WriteText(ReadOnlySpan<char> text)
    {
        var visible = Space.TrimEnd(text);
        if (!visible.IsEmpty)
        {
            _calls.ReleaseAsContent();
            _sink.Content(visible);
        }

        _calls.Hold(text[visible.Length..]);
    }

    /// <summary>Goes where a marker leads.</summary>
    /// <returns>How many characters the marker takes.</returns>
    private int Enter(string marker, MarkerRole role)
    {
        if (role == MarkerRole.CallHere)
        {
            BeginCall();
            return 0;
        }

        _calls.Hold(marker);
        if (role is MarkerRole.Call or MarkerRole.CallInside)
            BeginCall();
        else
            _place = Place.BeforeCall;
        return marker.Length;
    }

    private void BeginCall()
    {
        _reader.Begin();
        _place = Place.Call;
    }

    private int ScanCall(ReadOnlySpan<char> text)
    {
        var progress = _reader.Read(text, out var consumed);
        if (progress == ReadProgress.Done)
        {
            _place = Place.AfterCall;
        }
        else if (progress == ReadProgress.Failed)
        {
            if (_calls.InCall)
                _calls.End(_reader.IsWhole);
            BackToText();
        }

        return consumed;
    }

    private int ScanBetween(ReadOnlySpan<char> text)
    {
        var skipped = text.IndexOfAnyExcept(_dialect.SpaceAndSeparators);
        if (skipped != 0)
        {
            skipped = skipped < 0 ? text.Length : skipped;
            _calls.Hold(text[..skipped]);
            return skipped;
        }

        var markers = _dialect.BetweenCalls;
        var found = markers.Set.At(text);
        if (found == MarkerSet.Undecided)
            return 0;
        if (found == MarkerSet.NotHere || (markers.Role(found) == MarkerRole.Closes && _place == Place.BeforeCall))
        {
            BackToText();
            return 0;
        }

        if (_place == Place.AfterCall)
            _calls.Drop();
        return markers.Role(found) == MarkerRole.Closes ? markers.Set[found].Length : Enter(markers.Set[found], markers.Role(found));
    }

    private void BackToText()
    {
        if (_place == Place.AfterCall)
            _calls.ReleaseAsContentAfterCall();
        else
            _calls.ReleaseAsContent();
        _place = Place.Text;
    }
}
