namespace Gateway.Text.Tokenizers.Decoders;

/// <summary>All steps from tokens to text.</summary>
internal sealed class DecoderChain(IReadOnlyList<TokenDecoder>? decoders)
{
    public DecoderStage Start(CharBuffer output, bool live)
    {
        DecoderStage stage = new OutputStage(output);
        if (decoders is null)
            return new JoinedBySpacesStage(stage);
        for (var index = decoders.Count - 1; index >= 0; index--)
            stage = decoders[index].Start(stage, decoders.Take(index).Any(static decoder => decoder.Joins), live);
        return stage;
    }

    private sealed class OutputStage(CharBuffer output) : DecoderStage
    {
        public override void Add(ReadOnlySpan<char> token) => output.Add(token);

        public override void AddUtf8(ReadOnlySpan<byte> token) => output.AddUtf8(token);

        public override void End()
        {
        }
    }

    /// <summary>What the original does when a file names no decoder.</summary>
    private sealed class JoinedBySpacesStage(DecoderStage next) : DecoderStage
    {
        private bool _started;

        public override void Add(ReadOnlySpan<char> token)
        {
            if (_started)
                next.Add(" ");
            _started = true;
            next.Add(token);
        }

        public override void End() => next.End();
    }
}
