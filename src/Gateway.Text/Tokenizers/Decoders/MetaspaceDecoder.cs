namespace Gateway.Text.Tokenizers.Decoders;

/// <summary>Turns the mark for a space into a space; those of the first token were put there when encoding, and go.</summary>
internal sealed class MetaspaceDecoder(char mark, bool dropsFirst) : TokenDecoder
{
    public override DecoderStage Start(DecoderStage next, bool joined, bool live) => new Stage(next, mark, dropsFirst, joined);

    private sealed class Stage(DecoderStage next, char mark, bool dropsFirst, bool joined) : DecoderStage, IDisposable
    {
        private readonly CharBuffer _buffer = new();
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
            _buffer.Clear();
            foreach (var unit in token)
            {
                if (unit != mark)
                    _buffer.Add(unit);
                else if (!drops)
                    _buffer.Add(' ');
            }
            next.Add(_buffer.Span);
        }

        public override void End()
        {
            Dispose();
            next.End();
        }

        /// <summary>Called at the end; a decoding that is given up leaves its buffer to the collector.</summary>
        public void Dispose() => _buffer.Dispose();
    }
}
