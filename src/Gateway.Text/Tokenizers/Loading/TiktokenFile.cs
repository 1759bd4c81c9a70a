using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Gateway.Text.Tokenizers.Added;
using Gateway.Text.Tokenizers.Decoders;
using Gateway.Text.Tokenizers.Models;
using Gateway.Text.Tokenizers.PostProcessors;
using Gateway.Text.Tokenizers.PreTokenizers;
using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>Reads a tiktoken file: in each line a token's bytes as base64, and its rank, which is its id.</summary>
internal static class TiktokenFile
{
    public static Tokenizer Read(ReadOnlySpan<byte> file, TiktokenOptions options)
    {
        var pieces = new Vocabulary.Builder();
        var spelled = new Vocabulary.Builder();
        var ids = new List<int>();
        var buffer = new byte[256];
        var alphabet = new byte[512];
        foreach (var range in file.Split((byte)'\n'))
        {
            var line = file[range].TrimEnd((byte)'\r');
            if (line.IsEmpty)
                continue;
            var space = line.IndexOf((byte)' ');
            if (space < 0 || !Utf8Parser.TryParse(line[(space + 1)..], out int id, out var used) || used != line.Length - space - 1)
                throw Broken(ids.Count);
            if (buffer.Length < space)
                (buffer, alphabet) = (new byte[space], new byte[space * 2]);
            if (Base64.DecodeFromUtf8(line[..space], buffer, out _, out var length) != OperationStatus.Done)
                throw Broken(ids.Count);
            pieces.Add(buffer.AsSpan(0, length), id);
            spelled.Add(alphabet.AsSpan(0, Spell(buffer.AsSpan(0, length), alphabet)), id);
            ids.Add(id);
        }
        ids.Sort();
        var vocabulary = pieces.Build();
        var model = new ByteBpeModel(spelled.Build(), vocabulary, MergesOfVocabulary.Collect(vocabulary, ids, sharesRank: true), ignoreMerges: true);
        var added = options.SpecialTokens.Select(static pair => (new AddedToken(pair.Key, Special: true, Normalized: false), (int?)pair.Value));
        return new Tokenizer(
            model,
            new AddedVocabulary([.. added], model.Vocabulary, normalizer: null),
            normalizer: null,
            [new SplitPreTokenizer(PatternCatalog.Of(options.Pattern, RegexDialect.Python), SplitBehavior.Removed, invert: true)],
            SpecialFrame.None,
            new DecoderChain([new ByteLevelDecoder()]));
    }

    private static int Spell(ReadOnlySpan<byte> bytes, Span<byte> into)
    {
        var written = 0;
        foreach (var value in bytes)
            written += Encoding.UTF8.GetBytes([ByteLevelAlphabet.CharacterOf(value)], into[written..]);
        return written;
    }

    private static TokenizerFormatException Broken(int line) => new($"Line {line + 1} of the tiktoken file is not a token and its rank.");
}
