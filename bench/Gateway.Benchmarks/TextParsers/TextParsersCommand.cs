using System.Diagnostics;
using System.Globalization;
using Gateway.Text.Parsers;

namespace Gateway.Benchmarks.TextParsers;

/// <summary>
/// What it costs to take an answer apart while it is streamed: time and allocation for each piece of four characters, the parser's making
/// and the calls' ids included. One thread.
/// </summary>
internal static class TextParsersCommand
{
    private const int DefaultRounds = 5;
    private static readonly TimeSpan _roundTime = TimeSpan.FromMilliseconds(100);

    public static int Run(string[] args)
    {
        var rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultRounds;
        SampleAnswer[] answers = [.. SampleAnswer.All()];
        // Not counted: until the compiler is done with all of it.
        foreach (var answer in answers.Concat(answers))
            Measure(answer);

        var results = answers.ToDictionary(static answer => answer, static _ => new List<(double Nanoseconds, double Bytes)>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var answer in answers)
                results[answer].Add(Measure(answer));
        }

        Console.WriteLine($"{Machine.Line()}\n");
        Console.WriteLine($"Medians of {rounds} rounds.\n");
        Console.WriteLine("| answer | pieces | ns / piece | bytes / piece |");
        Console.WriteLine("|---|--:|--:|--:|");
        foreach (var answer in answers)
        {
            var nanoseconds = Median.Of(results[answer].Select(static one => one.Nanoseconds));
            var bytes = Median.Of(results[answer].Select(static one => one.Bytes));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {answer.Name} | {answer.Pieces.Length:N0} | {nanoseconds:0.0} | {bytes:0.0} |"));
        }

        return 0;
    }

    private static (double Nanoseconds, double Bytes) Measure(SampleAnswer answer)
    {
        var sink = new CountingSink();
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        long pieces = 0;
        do
        {
            var parser = new ChatOutputParser(answer.Format, SampleAnswer.Options, sink);
            foreach (var piece in answer.Pieces)
                parser.Push(piece);
            parser.Finish();
            pieces += answer.Pieces.Length;
        }
        while (Stopwatch.GetElapsedTime(start) < _roundTime);

        var elapsed = Stopwatch.GetElapsedTime(start);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        if (sink.Characters == 0)
            throw new InvalidOperationException($"{answer.Name} came to nothing");
        return (elapsed.TotalNanoseconds / pieces, (double)bytes / pieces);
    }

    private sealed class CountingSink : IOutputSink
    {
        public long Characters { get; private set; }

        public void Reasoning(ReadOnlySpan<char> text) => Characters += text.Length;

        public void Content(ReadOnlySpan<char> text) => Characters += text.Length;

        public void ToolCallStarted(int index, string id, string name) => Characters += name.Length;

        public void ToolArguments(int index, ReadOnlySpan<char> json) => Characters += json.Length;

        public void ToolCallEnded(int index, bool complete)
        {
        }
    }
}
