using System.Text;
using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.Decoders;

/// <summary>Turns characters of the byte-level alphabet into bytes, and the bytes of all tokens together into text.</summary>
internal sealed class ByteLevelDecoder : TokenDecoder
{
    public override bool Joins => true;

    public override DecoderStage Start(DecoderStage next, bool joined, bool live) => new Stage(next);

    private sealed class Stage(DecoderStage next) : DecoderStage
    {
        private byte[] _bytes = new byte[64];
        private int _count;

        public override void Add(ReadOnlySpan<char> token)
        {
            Reserve(token.Length * 3);
            var written = 0;
            foreach (var unit in token)
            {
                var value = ByteLevelAlphabet.ByteOf(unit);
                if (value < 0)
                {
                    // A token with anything else in it, such as an added one, stands for itself as a whole.
                    written = Encoding.UTF8.GetBytes(token, _bytes.AsSpan(_count));
                    break;
                }
                _bytes[_count + written++] = (byte)value;
            }
            _count += written;
            Flush(Utf8Tail.Complete(_bytes.AsSpan(0, _count)));
        }

        public override void AddUtf8(ReadOnlySpan<byte> token)
        {
            Reserve(token.Length);
            if (!ByteLevelAlphabet.TryGetBytes(token, _bytes.AsSpan(_count), out var written))
            {
                token.CopyTo(_bytes.AsSpan(_count));
                written = token.Length;
            }
            _count += written;
            Flush(Utf8Tail.Complete(_bytes.AsSpan(0, _count)));
        }

        public override void End()
        {
            Flush(_count);
            next.End();
        }

        private void Reserve(int count)
        {
            if (_bytes.Length - _count < count)
                Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _count + count));
        }

        private void Flush(int count)
        {
            if (count == 0)
                return;
            next.AddUtf8(_bytes.AsSpan(0, count));
            _count -= count;
            _bytes.AsSpan(count, _count).CopyTo(_bytes);
        }
    }
}
