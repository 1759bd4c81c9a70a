namespace Gateway.Text.Tokenizers.Decoders;

/// <summary>Takes away up to so many of a character at the start and at the end of each token.</summary>
internal sealed class StripDecoder(char content, int atStart, int atEnd) : TokenDecoder
{
    public override DecoderStage Start(DecoderStage next, bool joined, bool live) =>
        joined ? new JoinedStage(next, content, atStart, atEnd) : new TokenStage(next, content, atStart, atEnd);

    private static int CountAtStart(ReadOnlySpan<char> text, char content, int most)
    {
        var count = 0;
        while (count < most && count < text.Length && text[count] == content)
            count++;
        return count;
    }

    private static int CountAtEnd(ReadOnlySpan<char> text, char content, int most)
    {
        var count = 0;
        while (count < most && count < text.Length && text[^(count + 1)] == content)
            count++;
        return count;
    }

    private sealed class TokenStage(DecoderStage next, char content, int atStart, int atEnd) : DecoderStage
    {
        public override void Add(ReadOnlySpan<char> token)
        {
            token = token[CountAtStart(token, content, atStart)..];
            next.Add(token[..^CountAtEnd(token, content, atEnd)]);
        }

        public override void End() => next.End();
    }

    private sealed class JoinedStage(DecoderStage next, char content, int atStart, int atEnd) : DecoderStage
    {
        private int _leftAtStart = atStart;
        private int _held;

        public override void Add(ReadOnlySpan<char> token)
        {
            var cut = CountAtStart(token, content, _leftAtStart);
            token = token[cut..];
            if (token.IsEmpty)
            {
                _leftAtStart -= cut;
                return;
            }
            _leftAtStart = 0;
            var ending = CountAtEnd(token, content, atEnd);
            if (ending == token.Length)
            {
                // All of it may be at the end of the text, with what is held already.
                for (_held += ending; _held > atEnd; _held--)
                    next.Add([content]);
                return;
            }
            Release();
            next.Add(token[..^ending]);
            _held = ending;
        }

        public override void End()
        {
            _held = 0;
            next.End();
        }

        private void Release()
        {
            for (; _held > 0; _held--)
                next.Add([content]);
        }
    }
}
