using System.Text;

namespace Gateway.Simulator.Canned;

/// <summary>The bytes that a canned worker answers with.</summary>
internal sealed class CannedAnswers
{
    private const string Opening = "[simulated engine, canned answer] ";

    public CannedAnswers(SimulatorOptions options)
    {
        var canned = options.Canned;
        var text = Fill(Opening, canned.BodyBytes);
        Chat = Bytes(Head("chat.completion", options) + $$"""
            [{"index":0,"message":{"role":"assistant","content":"{{text}}"},"logprobs":null,"finish_reason":"stop"}],{{Usage(canned)}}}
            """);
        Completion = Bytes(Head("text_completion", options) + $$"""
            [{"index":0,"text":"{{text}}","logprobs":null,"finish_reason":"stop"}],{{Usage(canned)}}}
            """);
        var chunk = Fill("", canned.ChunkBytes);
        ChatStream = new CannedStream(
            Event(ChatChunk(options, """{"role":"assistant","content":""}""", "null")),
            Event(ChatChunk(options, $$"""{"content":"{{chunk}}"}""", "null")),
            [.. Event(ChatChunk(options, "{}", "\"stop\"")), .. Event("[DONE]")],
            canned.ChunkCount);
        CompletionStream = new CannedStream(
            [],
            Event(TextChunk(options, chunk, "null")),
            [.. Event(TextChunk(options, "", "\"stop\"")), .. Event("[DONE]")],
            canned.ChunkCount);
    }

    public byte[] Chat { get; }

    public byte[] Completion { get; }

    public CannedStream ChatStream { get; }

    public CannedStream CompletionStream { get; }

    private static string Head(string kind, SimulatorOptions options) =>
        $$"""{"id":"canned","object":"{{kind}}","created":0,"model":"{{options.Model}}","choices":""";

    private static string Usage(CannedOptions canned) =>
        $$"""
        "usage":{"prompt_tokens":1,"completion_tokens":{{canned.ChunkCount}},"total_tokens":{{canned.ChunkCount + 1}}}
        """;

    private static string ChatChunk(SimulatorOptions options, string delta, string finishReason) =>
        Head("chat.completion.chunk", options) + $$"""[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{finishReason}}}]}""";

    private static string TextChunk(SimulatorOptions options, string text, string finishReason) =>
        Head("text_completion", options) + $$"""[{"index":0,"text":"{{text}}","logprobs":null,"finish_reason":{{finishReason}}}]}""";

    private static string Fill(string opening, int bytes) =>
        opening.Length >= bytes ? opening[..bytes] : opening.PadRight(bytes, 'x');

    private static byte[] Event(string data) => Bytes($"data: {data}\n\n");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
