using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Reasoning;

/// <summary>How reasoning is handed on.</summary>
/// <param name="Separate">False leaves it in the content, markers and all.</param>
/// <param name="Stream">False keeps it back until it is whole.</param>
internal readonly record struct ReasoningDelivery(bool Separate, bool Stream);

/// <summary>
/// Divides an answer into thinking and content. Thinking comes first: a start marker counts only while nothing but space and thinking has
/// been seen, for after that it is something the answer speaks of.
/// </summary>
/// <remarks>
/// Space that touches a marker is dropped with it, on both sides, as SGLang does; all other space stays.
/// </remarks>
internal sealed class ReasoningParser : TextScanner
{
    private readonly ReasoningDialect _dialect;
    private readonly ReasoningDelivery _delivery;
    private readonly IOutputSink _sink;
    private readonly TextScanner? _content;
    private readonly TextBuffer _space = new();
    private readonly TextBuffer _whole = new();
    private Place _place;
    private bool _hasText;
    private bool _afterMarker;

    /// <param name="startsInReasoning">Null to go by the dialect.</param>
    /// <param name="content">Who takes the content further apart; null if it goes to the sink.</param>
    public ReasoningParser(
        ReasoningDialect dialect, ReasoningDelivery delivery, bool? startsInReasoning, IOutputSink sink, TextScanner? content)
    {
        (_dialect, _delivery, _sink, _content) = (dialect, delivery, sink, content);
        _place = startsInReasoning ?? dialect.StartsInReasoning ? Place.Reasoning : Place.Before;
    }

    private enum Place
    {
        /// <summary>Only space and thinking so far.</summary>
        Before,
        Reasoning,
        Content,
    }

    /// <summary>Whether what comes next is thinking, as far as is known.</summary>
    public bool IsReasoning => _place == Place.Reasoning;

    protected override int Scan(ReadOnlySpan<char> text)
    {
        var done = 0;
        while (done < text.Length)
        {
            var before = (_place, done);
            done += _place switch
            {
                Place.Before => ScanBefore(text[done..]),
                Place.Reasoning => ScanReasoning(text[done..]),
                _ => ScanContent(text[done..]),
            };
            if ((_place, done) == before)
                break;
        }

        return done;
    }

    protected override void End(ReadOnlySpan<char> rest)
    {
        if (_place == Place.Reasoning)
        {
            WriteReasoning(rest);
            WriteReasoningAsIs(_space.Text);
            DeliverWhole();
        }
        else
        {
            if (_place == Place.Before)
                EnterContent();
            ReleaseSpace();
            WriteContent(rest);
        }

        _content?.Finish();
    }

    private int ScanBefore(ReadOnlySpan<char> text)
    {
        var space = Space.Leading(text);
        if (space > 0)
        {
            _space.Append(text[..space]);
            return space;
        }

        var markers = _dialect.StartMarkers;
        var found = markers.At(text);
        if (found == MarkerSet.Undecided)
            return 0;
        if (found == MarkerSet.NotHere)
        {
            EnterContent();
            return 0;
        }

        if (found == 0)
            EnterReasoning();
        else
            DropMarkerInContent();
        return markers[found].Length;
    }

    private int ScanReasoning(ReadOnlySpan<char> text)
    {
        if (!_hasText && _delivery.Separate)
        {
            var space = Space.Leading(text);
            if (space > 0)
                return space;
            // A model that began inside may write the start marker nevertheless.
            var again = _dialect.StartMarker.At(text);
            if (again == MarkerSet.Undecided)
                return 0;
            if (again >= 0)
                return _dialect.Start.Length;
        }

        var markers = _dialect.EndMarkers;
        var found = markers.Find(text, out var start);
        WriteReasoning(text[..start]);
        if (found < 0)
            return start;
        // The first is the thinking's own end, the others begin what follows.
        var own = found == 0 ? markers[found] : "";
        LeaveReasoning(own);
        return start + own.Length;
    }

    private int ScanContent(ReadOnlySpan<char> text)
    {
        if (_dialect.ContentMarkers is not { } markers)
        {
            WriteContent(text);
            return text.Length;
        }

        var found = markers.Find(text, out var start);
        var visible = Space.TrimEnd(text[..start]);
        if (!visible.IsEmpty)
        {
            if (_afterMarker)
                visible = Space.TrimStart(visible);
            else
                ReleaseSpace();
            _afterMarker = false;
            WriteContent(visible);
        }

        if (!_afterMarker)
            _space.Append(text[..start][Space.TrimEnd(text[..start]).Length..]);
        if (found < 0)
            return start;
        DropMarkerInContent();
        return start + markers[found].Length;
    }

    private void EnterReasoning()
    {
        if (!_delivery.Separate)
        {
            WriteReasoningAsIs(_space.Text);
            WriteReasoningAsIs(_dialect.Start);
        }

        _space.Clear();
        _hasText = false;
        _place = Place.Reasoning;
    }

    private void LeaveReasoning(string marker)
    {
        if (!_delivery.Separate)
            WriteReasoningAsIs(marker);
        _space.Clear();
        DeliverWhole();
        _afterMarker = true;
        _place = marker.Length > 0 ? Place.Before : Place.Content;
    }

    private void EnterContent()
    {
        if (_afterMarker && _delivery.Separate)
            _space.Clear();
        ReleaseSpace();
        _afterMarker = false;
        _place = Place.Content;
    }

    private void DropMarkerInContent()
    {
        _space.Clear();
        _afterMarker = true;
        _place = Place.Content;
    }

    private void WriteReasoning(ReadOnlySpan<char> text)
    {
        if (!_delivery.Separate)
        {
            WriteReasoningAsIs(text);
            return;
        }

        var visible = Space.TrimEnd(text);
        if (!visible.IsEmpty)
        {
            _hasText = true;
            WriteReasoningAsIs(_space.Text);
            _space.Clear();
            WriteReasoningAsIs(visible);
        }

        _space.Append(text[visible.Length..]);
    }

    private void WriteReasoningAsIs(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        if (!_delivery.Separate)
            _sink.Content(text);
        else if (_delivery.Stream)
            _sink.Reasoning(text);
        else
            _whole.Append(text);
    }

    private void DeliverWhole()
    {
        if (!_whole.IsEmpty)
            _sink.Reasoning(_whole.Text);
        _whole.Clear();
    }

    private void ReleaseSpace()
    {
        WriteContent(_space.Text);
        _space.Clear();
    }

    private void WriteContent(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        if (_content is null)
            _sink.Content(text);
        else
            _content.Push(text);
    }
}
