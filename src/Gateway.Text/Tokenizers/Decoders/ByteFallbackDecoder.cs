using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gateway.Text.Tokenizers.Decoders;

/// <summary>Turns runs of tokens such as <c>&lt;0xE3&gt;</c> into the characters whose bytes they are.</summary>
/// <remarks>
/// The original looks at a run as a whole: one bad byte makes each byte of the run a U+FFFD, also those of good characters.
/// Live text cannot wait for the end of a run; there a good character is passed on at once, and only a bad byte becomes U+FFFD.
/// </remarks>
internal sealed class ByteFallbackDecoder : TokenDecoder
{
    public override DecoderStage Start(DecoderStage next, bool joined, bool live) =>
        joined ? new WholeTokenStage(next) : new Stage(next, live);

    /// <summary>Gets the byte that a token stands for, or -1.</summary>
    private static int ByteOf(ReadOnlySpan<char> token)
    {
        if (token.Length != 6 || !token.StartsWith("<0x", StringComparison.Ordinal) || token[5] != '>')
            return -1;
        // The original's parser of numbers lets a sign through.
        if (token[3] == '+' && char.IsAsciiHexDigit(token[4]))
            return Convert.ToInt32(token[4].ToString(), 16);
        return byte.TryParse(token.Slice(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : -1;
    }

    private sealed class Stage(DecoderStage next, bool live) : DecoderStage
    {
        private byte[] _run = new byte[16];
        private int _count;

        public override void Add(ReadOnlySpan<char> token)
        {
            var value = ByteOf(token);
            if (value < 0)
            {
                EndRun();
                next.Add(token);
                return;
            }
            if (_count == _run.Length)
                Array.Resize(ref _run, _count * 2);
            _run[_count++] = (byte)value;
            if (live)
                PassCertain();
        }

        public override void End()
        {
            EndRun();
            next.End();
        }

        private void EndRun()
        {
            if (_count == 0)
                return;
            if (System.Text.Unicode.Utf8.IsValid(_run.AsSpan(0, _count)))
            {
                next.AddUtf8(_run.AsSpan(0, _count));
            }
            else
            {
                for (var index = 0; index < _count; index++)
                    next.Add("\uFFFD");
            }
            _count = 0;
        }

        private void PassCertain()
        {
            while (_count > 0)
            {
                var status = Rune.DecodeFromUtf8(_run.AsSpan(0, _count), out _, out var consumed);
                if (status == OperationStatus.NeedMoreData)
                    return;
                if (status == OperationStatus.Done)
                {
                    next.AddUtf8(_run.AsSpan(0, consumed));
                }
                else
                {
                    for (var index = 0; index < consumed; index++)
                        next.Add("\uFFFD");
                }
                _count -= consumed;
                _run.AsSpan(consumed, _count).CopyTo(_run);
            }
        }
    }

    /// <summary>After the tokens were joined, only a text that is one such token as a whole counts.</summary>
    private sealed class WholeTokenStage(DecoderStage next) : DecoderStage
    {
        private readonly StringBuilder _held = new();
        private bool _open;

        public override void Add(ReadOnlySpan<char> token)
        {
            if (_open)
            {
                next.Add(token);
                return;
            }
            _held.Append(token);
            if (_held.Length <= 6)
                return;
            _open = true;
            next.Add(_held.ToString());
        }

        public override void End()
        {
            if (!_open)
            {
                var held = _held.ToString();
                var value = ByteOf(held);
                if (value < 0)
                    next.Add(held);
                else if (value < 0x80)
                    next.Add([(char)value]);
                else
                    next.Add("\uFFFD");
            }
            next.End();
        }
    }
}
