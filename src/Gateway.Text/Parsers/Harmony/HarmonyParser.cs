using Gateway.Text.Parsers.Reasoning;
using Gateway.Text.Parsers.Scanning;
using Gateway.Text.Parsers.Tools;

namespace Gateway.Text.Parsers.Harmony;

/// <summary>
/// Takes the answer of a gpt-oss model apart, from text that still has its special tokens: the analysis channel is reasoning, a message to
/// a function is a call, all else is content. The answer begins behind &lt;|start|&gt;assistant, which the prompt ended with.
/// </summary>
/// <remarks>
/// Text stays as it is, space too. Messages of one kind are joined by a newline. A header that the answer ends in is dropped: it is a
/// special token's neighbour and says nothing to a reader. A header that is none is content.
/// </remarks>
internal sealed class HarmonyParser : TextScanner
{
    /// <summary>A header is a role, a channel, a recipient and a type; the recipient has a function's name.</summary>
    private const int MaxHeaderLength = 128 + CallName.MaxLength;

    private static readonly MarkerSet _all = new(
        HarmonyMarkers.Start, HarmonyMarkers.Channel, HarmonyMarkers.Constrain, HarmonyMarkers.Message,
        HarmonyMarkers.End, HarmonyMarkers.Call, HarmonyMarkers.Return);

    private static readonly MarkerSet _headerBegins = new(
        HarmonyMarkers.Start, HarmonyMarkers.Channel, HarmonyMarkers.Constrain, HarmonyMarkers.Message,
        HarmonyMarkers.End, HarmonyMarkers.Call, HarmonyMarkers.Return, "to=");

    private static readonly MarkerSet _bodyEnds = new(
        HarmonyMarkers.Start, HarmonyMarkers.Channel, HarmonyMarkers.End, HarmonyMarkers.Call, HarmonyMarkers.Return);

    private readonly IOutputSink _sink;
    private readonly ReasoningDelivery _delivery;
    private readonly bool _parsesCalls;
    private readonly CallWriter _calls;
    private readonly ArgumentsReader _arguments;
    private readonly TextBuffer _header = new();
    private readonly TextBuffer _wholeReasoning = new();
    private Place _place;
    private HarmonyKind _kind;
    private string _function = "";
    private bool _callDone;
    private bool _bodyHasText;
    private bool _hasContent;
    private bool _hasReasoning;

    public HarmonyParser(bool parsesCalls, ReasoningDelivery delivery, IOutputSink sink, Random random)
    {
        (_parsesCalls, _delivery, _sink) = (parsesCalls, delivery, sink);
        _calls = new(sink, new(CallIdStyle.OpenAi, random));
        _arguments = new(_calls);
    }

    private enum Place
    {
        /// <summary>Between messages.</summary>
        Outside,
        Header,
        Body,
    }

    /// <summary>How many calls ended whole.</summary>
    public int Completed => _calls.Completed;

    /// <summary>Whether what comes next is thinking, as far as is known.</summary>
    public bool IsReasoning => _place == Place.Body && _kind == HarmonyKind.Reasoning;

    protected override int Scan(ReadOnlySpan<char> text)
    {
        var done = 0;
        while (done < text.Length)
        {
            var before = (_place, done);
            done += _place switch
            {
                Place.Outside => ScanOutside(text[done..]),
                Place.Header => ScanHeader(text[done..]),
                _ => ScanBody(text[done..]),
            };
            if ((_place, done) == before)
                break;
        }

        return done;
    }

    protected override void End(ReadOnlySpan<char> rest)
    {
        if (_place == Place.Outside && !rest.IsEmpty)
            BeginBody(new(HarmonyKind.Content, null));
        if (_place == Place.Body)
        {
            if (_kind == HarmonyKind.Call)
                CutCall();
            else
                WriteBody(rest);
        }

        DeliverReasoning();
    }

    private int ScanOutside(ReadOnlySpan<char> text)
    {
        var space = Space.Leading(text);
        if (space > 0)
        {
            _header.Append(text[..space]);
            return space;
        }

        var found = _headerBegins.At(text);
        if (found == MarkerSet.Undecided)
            return 0;
        if (found == MarkerSet.NotHere)
        {
            // No message at all: an answer without its frame.
            BeginBody(new(HarmonyKind.Content, null));
            return 0;
        }

        switch (_headerBegins[found])
        {
            case HarmonyMarkers.End or HarmonyMarkers.Call or HarmonyMarkers.Return:
                _header.Clear();
                break;
            case HarmonyMarkers.Message:
                _header.Clear();
                BeginBody(new(HarmonyKind.Content, null));
                break;
            default:
                _header.Append(_headerBegins[found]);
                _place = Place.Header;
                break;
        }

        return _headerBegins[found].Length;
    }

    private int ScanHeader(ReadOnlySpan<char> text)
    {
        var found = _all.At(text);
        if (found == MarkerSet.Undecided)
            return 0;
        if (found == MarkerSet.NotHere)
        {
            if (text[0] == '\n' || _header.Length >= MaxHeaderLength)
            {
                BeginBody(new(HarmonyKind.Content, null));
                return 0;
            }

            _header.Append(text[0]);
            return 1;
        }

        var marker = _all[found];
        switch (marker)
        {
            case HarmonyMarkers.Message:
                var header = HarmonyHeader.Parse(_header.ToString());
                if (header.Kind != HarmonyKind.Call || !_parsesCalls)
                    _header.Clear();
                BeginBody(_parsesCalls || header.Kind != HarmonyKind.Call ? header : new(HarmonyKind.Content, null));
                break;
            case HarmonyMarkers.Channel or HarmonyMarkers.Constrain:
                _header.Append(marker);
                break;
            default:
                BeginBody(new(HarmonyKind.Content, null));
                return 0;
        }

        return marker.Length;
    }

    /// <summary>Begins a message. A header that is still held was none, and is the beginning of the text; a call keeps it for the case.</summary>
    private void BeginBody(HarmonyHeader header)
    {
        (_kind, _place, _bodyHasText, _callDone) = (header.Kind, Place.Body, false, false);
        if (header.Function is null)
        {
            WriteBody(_header.Text);
        }
        else
        {
            _function = header.Function;
            _calls.Drop();
            _calls.Hold(_header.Text);
            _calls.Hold(HarmonyMarkers.Message);
            _arguments.Begin();
        }

        _header.Clear();
    }

    private int ScanBody(ReadOnlySpan<char> text)
    {
        var found = _bodyEnds.Find(text, out var start);
        WriteBody(text[..start]);
        if (found < 0)
            return start;
        if (_kind == HarmonyKind.Call)
            EndCall();
        DeliverReasoning();
        _place = Place.Outside;
        // A start or a channel begins the next message, and is seen again there.
        return _bodyEnds[found] is HarmonyMarkers.Start or HarmonyMarkers.Channel ? start : start + _bodyEnds[found].Length;
    }

    private void WriteBody(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        if (_kind == HarmonyKind.Call)
            WriteCall(text);
        else if (_kind == HarmonyKind.Reasoning && _delivery.Separate)
            WriteReasoning(text);
        else
            WriteContent(text);
    }

    private void WriteContent(ReadOnlySpan<char> text)
    {
        if (!_bodyHasText && _hasContent)
            _sink.Content("\n");
        _bodyHasText = _hasContent = true;
        _sink.Content(text);
    }

    private void WriteReasoning(ReadOnlySpan<char> text)
    {
        if (!_bodyHasText && _hasReasoning)
            PassReasoning("\n");
        _bodyHasText = _hasReasoning = true;
        PassReasoning(text);
    }

    private void PassReasoning(ReadOnlySpan<char> text)
    {
        if (_delivery.Stream)
            _sink.Reasoning(text);
        else
            _wholeReasoning.Append(text);
    }

    private void DeliverReasoning()
    {
        if (!_wholeReasoning.IsEmpty)
            _sink.Reasoning(_wholeReasoning.Text);
        _wholeReasoning.Clear();
    }

    private void WriteCall(ReadOnlySpan<char> text)
    {
        if (!_callDone)
        {
            var progress = _arguments.Read(text, _function, id: null, out var consumed);
            text = text[consumed..];
            if (progress == ReadProgress.More)
                return;
            if (progress == ReadProgress.Failed)
            {
                CallWasNone();
                WriteBody(text);
                return;
            }

            _calls.End(complete: true);
            _callDone = true;
        }

        // Space may follow the arguments; what else does is no part of them.
        var visible = Space.TrimStart(text);
        if (visible.IsEmpty)
            return;
        _kind = HarmonyKind.Content;
        WriteBody(visible);
    }

    private void EndCall()
    {
        if (_callDone)
            return;
        if (_calls.InCall || !_calls.Unsettled.EndsWith(HarmonyMarkers.Message, StringComparison.Ordinal))
        {
            CallWasNone();
            return;
        }

        _calls.Start(_function);
        _calls.Arguments("{}");
        _calls.End(complete: true);
    }

    /// <summary>The message is no call, or ceased to be one: what is not settled is content.</summary>
    private void CallWasNone()
    {
        if (_calls.InCall)
            _calls.End(complete: false);
        _kind = HarmonyKind.Content;
        WriteBody(_calls.Unsettled);
        _calls.Drop();
    }

    private void CutCall()
    {
        if (_callDone)
            return;
        if (!_calls.InCall)
            _calls.Start(_function);
        _calls.End(complete: false);
        _calls.Drop();
    }
}
