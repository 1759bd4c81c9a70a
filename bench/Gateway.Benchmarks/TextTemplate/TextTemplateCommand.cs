using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Text.Templates;

namespace Gateway.Benchmarks.TextTemplate;

/// <summary>
/// What it costs to make a prompt of a conversation: reading its JSON, asking nothing of anybody, rendering. One thread. Next to it the
/// same with Hugging Face's interpreter in JavaScript, if <c>npm ci</c> was run in <c>tests/template-parity</c>.
/// </summary>
internal static class TextTemplateCommand
{
    private const int DefaultRounds = 5;
    private static readonly TimeSpan _roundTime = TimeSpan.FromMilliseconds(100);

    public static int Run(string[] args)
    {
        var rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultRounds;
        var folder = Path.Combine(RepositoryFolder.Path, "tests", "template-parity");
        var templates = SampleTemplate.Read(folder);
        var theirs = Theirs(folder, templates);
        Console.WriteLine($"{Machine.Line()}\n");
        Console.WriteLine($"Medians of {rounds} rounds.\n");
        Console.WriteLine("| template | conversation | µs / prompt | prompts / s | MB/s of prompt | B / prompt | JavaScript's, µs | ratio |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|");
        foreach (var template in templates)
        {
            foreach (var (name, json) in SampleConversations.All)
            {
                var sample = new Sample(template, json);
                if (sample.Length == 0)
                    continue;
                // Not counted: until the compiler is done with all of it.
                for (var turn = 0; turn < 3; turn++)
                    Measure(sample);
                var results = Enumerable.Range(0, rounds).Select(_ => Measure(sample)).ToArray();
                var (time, bytes) = (Median.Of(results.Select(static one => one.Microseconds)), Median.Of(results.Select(static one => one.Bytes)));
                var their = theirs?.GetValueOrDefault($"{template.Name}|{name}");
                var comparison = their is { } their1 ? string.Create(CultureInfo.InvariantCulture, $"{their1:0.0} | {their1 / time:0.0}") : " | ";
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {template.Name} | {name} | {time:0.0} | {1e6 / time:N0} | {sample.Length / time:0} | {bytes:N0} | {comparison} |"));
            }
        }

        return 0;
    }

    private static (double Microseconds, double Bytes) Measure(Sample sample)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        var renders = 0;
        do
        {
            sample.Render();
            renders++;
        }
        while (Stopwatch.GetElapsedTime(start) < _roundTime);

        var elapsed = Stopwatch.GetElapsedTime(start);
        return (elapsed.TotalMicroseconds / renders, (double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / renders);
    }

    /// <returns>Microseconds by template and conversation; null without Node.js or its packages.</returns>
    private static Dictionary<string, double>? Theirs(string folder, IReadOnlyList<SampleTemplate> templates)
    {
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            return null;
        var file = Path.GetTempFileName();
        try
        {
            var conversations = SampleConversations.All.Select(static each => new { name = each.Name, variables = JsonDocument.Parse(each.Json).RootElement });
            var sources = templates.Select(static each => new { name = each.Name, source = each.Source, bos_token = each.BeginningToken, eos_token = each.EndToken });
            File.WriteAllText(file, JsonSerializer.Serialize(new { templates = sources, conversations }));
            var start = new ProcessStartInfo("node", ["speed.mjs", file]) { WorkingDirectory = folder, RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return JsonSerializer.Deserialize<Dictionary<string, double>>(output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>A template and a conversation, as the gateway holds them.</summary>
    private sealed class Sample
    {
        private readonly ChatTemplateSet _templates;
        private readonly ChatTemplateInput _input;
        private readonly PooledText _prompt = new();

        public Sample(SampleTemplate template, string json)
        {
            _templates = new ChatTemplateSet(ChatTemplate.Compile(template.Source));
            using var request = JsonDocument.Parse(json);
            _input = new ChatTemplateInput
            {
                Messages = Bytes(request, "messages"),
                Tools = Bytes(request, "tools"),
                SpecialTokens = new SpecialTokens([new("bos_token", template.BeginningToken), new("eos_token", template.EndToken)]),
            };
            try
            {
                Render();
                Length = _prompt.Length;
            }
            catch (TemplateException)
            {
                // A template that does not take such a conversation has no figure for it.
                Length = 0;
            }
        }

        /// <summary>Characters of the prompt; 0 if the template refuses the conversation.</summary>
        public int Length { get; }

        public void Render()
        {
            _prompt.Clear();
            ChatPrompt.Render(_templates, _input, _prompt);
        }

        private static byte[] Bytes(JsonDocument request, string name) =>
            request.RootElement.TryGetProperty(name, out var value) ? Encoding.UTF8.GetBytes(value.GetRawText()) : [];
    }
}
