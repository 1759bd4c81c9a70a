using Gateway.Text.Parsers.Harmony;
using Gateway.Text.Parsers.Reasoning;
using Gateway.Text.Parsers.Scanning;
using Gateway.Text.Parsers.Tools;

namespace Gateway.Text.Parsers;

/// <summary>
/// Takes the text of one choice apart into reasoning, content and calls, as it comes: first the thinking, then the calls in what is left.
/// For one answer, one thread. It does not throw, whatever the text is.
/// </summary>
public sealed class ChatOutputParser
{
    private readonly IOutputSink _sink;
    private readonly TextScanner? _scanner;
    private readonly ToolCallParser? _tools;
    private readonly HarmonyParser? _harmony;
    private readonly ReasoningParser? _reasoning;

    /// <param name="random">For the ids of calls; null for the shared one.</param>
    public ChatOutputParser(ChatOutputFormat format, ChatOutputOptions options, IOutputSink sink, Random? random = null)
    {
        _sink = sink;
        random ??= Random.Shared;
        var delivery = new ReasoningDelivery(options.SeparateReasoning, options.StreamReasoning);
        if (format.IsHarmony)
        {
            _scanner = _harmony = new(options.Tools.Count > 0, delivery, sink, random);
            return;
        }

        var dialect = options.CallsAreJson ? ToolDialects.Json : format.Tools;
        if (options.Tools.Count > 0 && dialect is not null)
            _tools = new(dialect, options.Tools, sink, random);
        if (format.Reasoning is not null)
            _reasoning = new(format.Reasoning, delivery, options.StartsInReasoning, sink, _tools);
        _scanner = _reasoning ?? (TextScanner?)_tools;
    }

    /// <summary>How many calls came whole.</summary>
    public int CompletedCalls => _tools?.Completed ?? _harmony?.Completed ?? 0;

    /// <summary>Whether what comes next is thinking, as far as is known.</summary>
    public bool IsReasoning => _reasoning?.IsReasoning ?? _harmony?.IsReasoning ?? false;

    /// <summary>Parses a whole answer.</summary>
    public static ParsedMessage Parse(ChatOutputFormat format, ChatOutputOptions options, ReadOnlySpan<char> text, Random? random = null)
    {
        var collector = new MessageCollector();
        var parser = new ChatOutputParser(format, options, collector, random);
        parser.Push(text);
        parser.Finish();
        return collector.Message;
    }

    /// <summary>Takes the next piece of text; cut anywhere, also within a surrogate pair.</summary>
    public void Push(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        if (_scanner is null)
            _sink.Content(text);
        else
            _scanner.Push(text);
    }

    /// <summary>Says that the text has ended, for whatever reason.</summary>
    public void Finish() => _scanner?.Finish();

    /// <summary>
    /// The finish_reason for the client: an answer that ended by itself and has calls ended for them, also when one certain function was
    /// demanded. An answer that was cut was cut.
    /// </summary>
    /// <param name="engine">As the engine gave it.</param>
    public string FinishReason(string engine) => engine == "stop" && CompletedCalls > 0 ? "tool_calls" : engine;
}
