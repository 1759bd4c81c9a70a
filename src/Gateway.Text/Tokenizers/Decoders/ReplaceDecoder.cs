using System.Text;
using Gateway.Text.Tokenizers.PreTokenizers;

namespace Gateway.Text.Tokenizers.Decoders;

/// <summary>Replaces each match of a pattern, token by token. The content is taken literally.</summary>
internal sealed class ReplaceDecoder(Pattern pattern, string content, bool oneUnit) : TokenDecoder
{
    /// <inheritdoc/>
    /// <remarks>In joined text a match could span parts: it is replaced when all has come, unless it is a single unit.</remarks>
    public override DecoderStage Start(DecoderStage next, bool joined, bool live) =>
        joined && !oneUnit ? new WholeStage(next, pattern, content)
            : oneUnit && content.Length == 1 ? new UnitStage(next, pattern, content)
            : new Stage(next, pattern, content);

    private static void Replace(ReadOnlySpan<char> text, Pattern pattern, string content, DecoderStage next)
    {
        using var matches = new Matches(text, pattern);
        if (!matches.MoveNext())
        {
            next.Add(text);
            return;
        }
        using var replaced = new CharBuffer();
        var from = 0;
        do
        {
            replaced.Add(text[from..matches.Start]);
            replaced.Add(content);
            from = matches.End;
        }
        while (matches.MoveNext());
        replaced.Add(text[from..]);
        next.Add(replaced.Span);
    }

    private sealed class Stage(DecoderStage next, Pattern pattern, string content) : DecoderStage
    {
        public override void Add(ReadOnlySpan<char> token) => Replace(token, pattern, content, next);

        public override void End() => next.End();
    }

    /// <summary>A unit for a unit, as SentencePiece's mark for a space: in place, so that a token allocates nothing.</summary>
    private sealed class UnitStage(DecoderStage next, Pattern pattern, string content) : DecoderStage
    {
        private const int Longest = 256;

        public override void Add(ReadOnlySpan<char> token)
        {
            if (token.Length > Longest)
            {
                Replace(token, pattern, content, next);
                return;
            }

            Span<char> replaced = stackalloc char[Longest];
            token.CopyTo(replaced);
            using var matches = new Matches(token, pattern);
            while (matches.MoveNext())
                replaced[matches.Start] = content[0];
            next.Add(replaced[..token.Length]);
        }

        public override void End() => next.End();
    }

    private sealed class WholeStage(DecoderStage next, Pattern pattern, string content) : DecoderStage
    {
        private readonly StringBuilder _text = new();

        public override void Add(ReadOnlySpan<char> token) => _text.Append(token);

        public override void End()
        {
            Replace(_text.ToString(), pattern, content, next);
            next.End();
        }
    }
}
