namespace Gateway.Text.Tokenizers.Decoders;

/// <summary>Turns the mark at the end of a word into a space, but for the last token, whose mark goes.</summary>
internal sealed class BpeSuffixDecoder(string suffix) : TokenDecoder
{
    public override DecoderStage Start(DecoderStage next, bool joined, bool live) => new Stage(next, suffix, joined);

    private sealed class Stage(DecoderStage next, string suffix, bool joined) : DecoderStage, IDisposable
    {
        private readonly CharBuffer _held = new();
        private bool _holds;

        public override void Add(ReadOnlySpan<char> token)
        {
            if (_holds && !joined)
            {
                next.Add(_held.ToString().Replace(suffix, " ", StringComparison.Ordinal));
                _held.Clear();
            }
            _held.Add(token);
            _holds = true;
        }

        public override void End()
        {
            if (_holds)
                next.Add(_held.ToString().Replace(suffix, "", StringComparison.Ordinal));
            Dispose();
            next.End();
        }

        /// <summary>Called at the end; a decoding that is given up leaves its buffer to the collector.</summary>
        public void Dispose() => _held.Dispose();
    }
}
