namespace Gateway.Text.Tokenizers.Decoders;

/// <summary>Turns the mark for a space into a space; those of the first token were put there when encoding, and go.</summary>
internal sealed class MetaspaceDecoder(char mark, bool dropsFirst) : TokenDecoder
{
    public override DecoderStage Start(DecoderStage next, bool joined, bool live) => new Stage(next, mark, dropsFirst, joined);

    private sealed class Stage(DecoderStage next, char mark, bool dropsFirst, bool joined) : DecoderStage
    {
        private char[] _buffer = new char[32];
        private bool _first = true;

        public override void Add(ReadOnlySpan<char> token)
        {
            var drops = dropsFirst && (_first || joined);
            _first = false;
            if (!token.Contains(mark))
            {
                next.Add(token);
                return;
            }
            if (_buffer.Length < token.Length)
                _buffer = new char[token.Length];
            var written = 0;
            foreach (var unit in token)
            {
                if (unit != mark)
                    _buffer[written++] = unit;
                else if (!drops)
                    _buffer[written++] = ' ';
            }
            next.Add(_buffer.AsSpan(0, written));
        }

        public override void End() => next.End();
    }
}
