using System.Buffers;

namespace Gateway.Host.Serving.Pairs;

/// <summary>
/// The body of a decode worker's answer with the log-probabilities of the prompt put in, which the prefill worker has given; the rest of
/// it stays as it is. Of a stream each event is dealt with when it is whole, any other answer when it is complete.
/// </summary>
/// <param name="body">The decode worker's.</param>
/// <param name="leg">Has the log-probabilities when it has ended.</param>
/// <param name="prefillEnd">Completes then.</param>
/// <param name="isEventStream">True if the answer is one.</param>
internal sealed class MergedLogprobs(Stream body, PrefillLeg leg, Task prefillEnd, bool isEventStream) : ReadOnlyStream
{
    private const int ReadSize = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _ready = new();
    private readonly ArrayBufferWriter<byte> _coming = new();
    private int _taken;
    private bool _hasEnded;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_taken == _ready.WrittenCount && !_hasEnded)
            await FillAsync(cancellationToken);
        var read = Math.Min(buffer.Length, _ready.WrittenCount - _taken);
        _ready.WrittenSpan.Slice(_taken, read).CopyTo(buffer.Span);
        _taken += read;
        return read;
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        _ready.ResetWrittenCount();
        _taken = 0;
        var read = await body.ReadAsync(_coming.GetMemory(ReadSize), cancellation);
        _coming.Advance(read);
        _hasEnded = read == 0;
        await prefillEnd.WaitAsync(cancellation);
        if (isEventStream)
            PassEvents();
        else if (_hasEnded)
            Merge(_coming.WrittenSpan);
    }

    private void PassEvents()
    {
        var coming = _coming.WrittenSpan;
        var passed = 0;
        while (coming[passed..].IndexOf("\n\n"u8) is var end and >= 0)
        {
            Pass(coming.Slice(passed, end));
            _ready.Write("\n\n"u8);
            passed += end + 2;
        }

        if (_hasEnded)
        {
            _ready.Write(coming[passed..]);
            passed = coming.Length;
        }

        var rest = coming[passed..].ToArray();
        _coming.ResetWrittenCount();
        _coming.Write(rest);
    }

    private void Pass(ReadOnlySpan<byte> lines)
    {
        if (!lines.StartsWith(EventData.Prefix))
        {
            _ready.Write(lines);
            return;
        }

        _ready.Write(EventData.Prefix);
        Merge(lines[EventData.Prefix.Length..]);
    }

    private void Merge(ReadOnlySpan<byte> json)
    {
        var copied = 0;
        foreach (var place in PromptLogprobs.Find(json))
        {
            var first = leg.Logprobs.Of(place.Prompt);
            if (first.IsEmpty)
                continue;
            _ready.Write(json[copied..place.Start]);
            _ready.Write(first);
            copied = place.Start;
            if (!json[place.Start..place.End].Trim(" \t\r\n"u8).IsEmpty)
                _ready.Write(","u8);
        }

        _ready.Write(json[copied..]);
    }
}
