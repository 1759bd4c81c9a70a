using System.Text;
using Gateway.Text.Tokenizers.Added;
using Gateway.Text.Tokenizers.Decoders;
using Gateway.Text.Tokenizers.Models;
using Gateway.Text.Tokenizers.Normalizers;
using Gateway.Text.Tokenizers.PostProcessors;
using Gateway.Text.Tokenizers.PreTokenizers;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>
/// Builds a tokenizer from a <c>tokenizer.model</c>, with the parts that a tokenizer.json made of the same file has: engines load that one
/// if there is one, and ids must not depend on which of the two a folder has.
/// </summary>
internal static class SentencePieceFile
{
    private const char Mark = '\u2581';
    private const string MarkText = "\u2581";

    public static Tokenizer Read(ReadOnlySpan<byte> file)
    {
        var source = SentencePieceModel.Read(file);
        var vocabulary = new Vocabulary.Builder();
        for (var id = 0; id < source.Pieces.Count; id++)
            vocabulary.Add(Encoding.UTF8.GetBytes(source.Pieces[id].Text), id);
        return source.IsBpe ? BuildBpe(source, vocabulary.Build()) : BuildUnigram(source, vocabulary.Build());
    }

    private static Tokenizer BuildBpe(SentencePieceModel source, Vocabulary vocabulary)
    {
        var order = Enumerable.Range(0, source.Pieces.Count)
            .Where(id => source.Pieces[id].Kind is PieceKind.Normal or PieceKind.UserDefined)
            .OrderByDescending(id => source.Pieces[id].Score);
        var options = new BpeOptions
        {
            UnknownToken = source.Pieces.FirstOrDefault(static piece => piece.Kind == PieceKind.Unknown)?.Text,
            FuseUnknown = true,
            ByteFallback = source.ByteFallback,
        };
        var model = new BpeModel(vocabulary, MergesOfVocabulary.Collect(vocabulary, order, sharesRank: false), options);
        List<Normalizer> normalizers = [.. CharacterMap(source), .. source.AddsDummyPrefix ? [new PrependNormalizer(MarkText)] : (Normalizer[])[]];
        normalizers.Add(new ReplaceNormalizer(new LiteralPattern(" "), MarkText));
        List<TokenDecoder> decoders =
        [
            new ReplaceDecoder(new LiteralPattern(MarkText), " ", oneUnit: true),
            new ByteFallbackDecoder(),
            new FuseDecoder(),
            .. source.AddsDummyPrefix ? [new StripDecoder(' ', 1, 0)] : (TokenDecoder[])[],
        ];
        return Build(source, model, new SequenceNormalizer([.. normalizers]), [], decoders);
    }

    private static Tokenizer BuildUnigram(SentencePieceModel source, Vocabulary vocabulary)
    {
        var unknown = source.Pieces.FindIndex(static piece => piece.Kind == PieceKind.Unknown);
        double[] scores = [.. source.Pieces.Select(static piece => (double)piece.Score)];
        var model = new UnigramModel(new UnigramVocabulary(vocabulary, scores), unknown < 0 ? null : unknown, source.ByteFallback);
        List<Normalizer> normalizers = [.. CharacterMap(source)];
        if (source.RemovesExtraSpaces)
        {
            normalizers.Add(new StripNormalizer(left: false, right: true));
            normalizers.Add(new ReplaceNormalizer(new RegexPattern(" {2,}", RegexDialect.Oniguruma), MarkText));
        }
        var scheme = source.AddsDummyPrefix ? MetaspaceScheme.Always : MetaspaceScheme.Never;
        PreTokenizer[] steps =
        [
            new MetaspacePreTokenizer(Mark, scheme),
            new SplitPreTokenizer(new LiteralPattern(MarkText), SplitBehavior.MergedWithNext, invert: false),
        ];
        List<TokenDecoder> decoders = source.ByteFallback ? [new ByteFallbackDecoder()] : [];
        decoders.Add(new MetaspaceDecoder(Mark, source.AddsDummyPrefix));
        return Build(source, model, new SequenceNormalizer([.. normalizers]), steps, decoders);
    }

    private static Normalizer[] CharacterMap(SentencePieceModel source) =>
        source.CharacterMap.Length == 0 ? [] : [new PrecompiledNormalizer(source.CharacterMap)];

    private static Tokenizer Build(
        SentencePieceModel source,
        TokenModel model,
        Normalizer normalizer,
        PreTokenizer[] steps,
        List<TokenDecoder> decoders)
    {
        var added = source.Pieces
            .Where(static piece => piece.Kind is PieceKind.Unknown or PieceKind.Control or PieceKind.UserDefined)
            .Select(static piece => (new AddedToken(piece.Text, piece.Kind != PieceKind.UserDefined, Normalized: false), (int?)null));
        return new Tokenizer(
            model,
            new AddedVocabulary([.. added], model.Vocabulary, normalizer),
            normalizer,
            steps,
            SpecialFrame.None,
            new DecoderChain(decoders));
    }
}
