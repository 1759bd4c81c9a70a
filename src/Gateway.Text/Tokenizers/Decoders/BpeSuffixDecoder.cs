using System.Text;

namespace Gateway.Text.Tokenizers.Decoders;

/// <summary>Turns the mark at the end of a word into a space, but for the last token, whose mark goes.</summary>
internal sealed class BpeSuffixDecoder(string suffix) : TokenDecoder
{
    public override DecoderStage Start(DecoderStage next, bool joined, bool live) => new Stage(next, suffix, joined);

    private sealed class Stage(DecoderStage next, string suffix, bool joined) : DecoderStage
    {
        private readonly StringBuilder _held = new();
        private bool _holds;

        public override void Add(ReadOnlySpan<char> token)
        {
            if (_holds && !joined)
            {
                next.Add(_held.ToString().Replace(suffix, " ", StringComparison.Ordinal));
                _held.Clear();
            }
            _held.Append(token);
            _holds = true;
        }

        public override void End()
        {
            if (_holds)
                next.Add(_held.ToString().Replace(suffix, "", StringComparison.Ordinal));
            next.End();
        }
    }
}
