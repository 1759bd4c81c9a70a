using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Gateway.Text.Detokenization;
using Gateway.Text.Tokenizers;
using Xunit.Abstractions;

namespace Gateway.Text.Tests.Tokenizers;

/// <summary>
/// Real vocabularies against the original implementation, which <c>tests/tokenizer-parity</c> installs and asks. Needs Node.js 20 or later.
/// </summary>
public sealed class TokenizerParityTests(ParityCorpus corpus, ITestOutputHelper output) : IClassFixture<ParityCorpus>
{
    /// <summary>Of differences, in the message of a failure.</summary>
    private const int MostShown = 10;

    private const int LeastCases = 10_000;

    public static TheoryData<string> Tokenizers => ["llama3", "llama3_1", "llama2", "qwen3", "deepseek_v3", "gemma3", "gptoss", "gpt4o"];

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Ids_and_text_are_those_of_the_original(string name)
    {
        var tokenizer = TokenizerLoader.LoadJson(corpus.PathOf(name));
        var differences = new List<string>();
        var cases = 0;
        foreach (var expected in corpus.Of(name))
        {
            cases++;
            Compare("ids", expected.Text, expected.Ids, tokenizer.Encode(expected.Text, addSpecialTokens: false), differences);
            Compare("ids with special tokens", expected.Text, expected.FramedIds, tokenizer.Encode(expected.Text, addSpecialTokens: true), differences);
            Compare("text without special tokens", expected.Text, expected.Skipped, tokenizer.Decode(expected.FramedIds, skipSpecialTokens: true), differences);
            Compare("text", expected.Text, expected.Kept, tokenizer.Decode(expected.FramedIds, skipSpecialTokens: false), differences);
        }

        output.WriteLine($"{name}: {cases} cases, {differences.Count} differences");
        Assert.True(cases >= LeastCases, $"only {cases} cases");
        Assert.True(differences.Count == 0, $"{differences.Count} differences in {cases} cases\n{string.Join('\n', differences.Take(MostShown))}");
    }

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Tokens_that_come_a_few_at_a_time_add_up_to_the_same_text(string name)
    {
        var tokenizer = TokenizerLoader.LoadJson(corpus.PathOf(name));
        var random = new Random(7);
        foreach (var expected in corpus.Of(name).Where(static (_, index) => index % 3 == 0))
        {
            foreach (var skip in new[] { true, false })
            {
                using var detokenizer = new IncrementalDetokenizer(tokenizer, skip);
                var text = new StringBuilder();
                for (var from = 0; from < expected.FramedIds.Length;)
                {
                    var count = random.Next(1, Math.Min(4, expected.FramedIds.Length - from) + 1);
                    text.Append(detokenizer.Push(expected.FramedIds.AsSpan(from, count)));
                    from += count;
                }

                text.Append(detokenizer.Finish());
                Assert.Equal(skip ? expected.Skipped : expected.Kept, text.ToString());
            }
        }
    }

    private static void Compare(string what, string text, int[] expected, int[] actual, List<string> differences)
    {
        if (!expected.AsSpan().SequenceEqual(actual))
            differences.Add($"{what} of {Show(text)}: expected [{string.Join(' ', expected)}], got [{string.Join(' ', actual)}]");
    }

    private static void Compare(string what, string text, string expected, string actual, List<string> differences)
    {
        if (expected != actual)
            differences.Add($"{what} of {Show(text)}: expected {Show(expected)}, got {Show(actual)}");
    }

    private static string Show(string text)
    {
        var shown = new StringBuilder("\"");
        foreach (var unit in text.AsSpan(0, Math.Min(text.Length, 200)))
            shown.Append(unit is >= ' ' and <= '~' ? unit.ToString() : $"\\u{(int)unit:x4}");
        return shown.Append('"').ToString();
    }
}

/// <summary>The corpus, made once for all tests.</summary>
public sealed class ParityCorpus : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"tokenizer-parity-{Guid.NewGuid():n}");

    public async Task InitializeAsync()
    {
        var scripts = Path.Combine(RepositoryRoot(), "tests", "tokenizer-parity");
        await RunAsync(scripts, "npm", "ci", "--no-audit", "--no-fund");
        await RunAsync(scripts, "node", "corpus.mjs", _folder);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    public string PathOf(string name) => File.ReadAllText(Path.Combine(_folder, $"{name}.path"));

    internal IEnumerable<ParityCase> Of(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(_folder, $"{name}.cases"));
        var position = 0;
        for (var left = Number(); left > 0; left--)
            yield return new ParityCase(Text(), Ids(), Ids(), Text(), Text());

        int Number()
        {
            var number = BitConverter.ToInt32(bytes, position);
            position += sizeof(int);
            return number;
        }

        string Text()
        {
            var length = Number();
            // Not by an encoding: what is no well-formed text must stay so.
            var text = MemoryMarshal.Cast<byte, char>(bytes.AsSpan(position, length * sizeof(char))).ToString();
            position += length * sizeof(char);
            return text;
        }

        int[] Ids()
        {
            var length = Number();
            var ids = MemoryMarshal.Cast<byte, int>(bytes.AsSpan(position, length * sizeof(int))).ToArray();
            position += length * sizeof(int);
            return ids;
        }
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ModelGateway.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests must run within the repository.");
    }

    private static async Task RunAsync(string folder, string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{command} failed: {said}{await errors}");
    }
}

/// <summary>What the original makes of a text.</summary>
internal sealed record ParityCase(string Text, int[] Ids, int[] FramedIds, string Skipped, string Kept);
