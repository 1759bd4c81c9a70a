using System.Text;
using Gateway.LoadBench.Servers;

namespace Gateway.LoadBench.Client;

/// <summary>What is asked in a measurement, and what must come back.</summary>
/// <param name="Name">As in the tables.</param>
/// <param name="Request">A whole HTTP request. Its prompt begins with <see cref="Number"/>.</param>
/// <param name="Worker">Number of a worker that serves it, for asking it directly.</param>
/// <param name="Chunks">Events with text in the answer; 0 if it comes in one piece.</param>
internal sealed record Workload(string Name, ReadOnlyMemory<byte> Request, int Worker, int Chunks)
{
    /// <summary>Stands where a request may have a number of its own.</summary>
    public const string Number = "0000000000000000";

    public bool IsStream => Chunks > 0;

    /// <summary>Whether its events come one by one.</summary>
    public bool IsPaced => Chunks == CannedWorkers.PacedChunks;

    public static IReadOnlyList<Workload> All { get; } =
    [
        Whole("1 KB", 1024),
        Whole("16 KB", 16 * 1024),
        Whole("256 KB", 256 * 1024),
        new($"stream, {CannedWorkers.PacedChunks} chunks paced", Chat(1024, stream: true), 0, CannedWorkers.PacedChunks),
        new($"stream, {CannedWorkers.BurstChunks} chunks at once", Completion(1024), 2, CannedWorkers.BurstChunks),
    ];

    /// <summary>The same with more headers.</summary>
    /// <param name="headers">Whole lines.</param>
    public Workload With(string headers)
    {
        var firstLine = Request.Span.IndexOf("\r\n"u8) + 2;
        return this with { Request = (byte[])[.. Request.Span[..firstLine], .. Encoding.ASCII.GetBytes(headers), .. Request.Span[firstLine..]] };
    }

    private static Workload Whole(string name, int size) => new(name, Chat(size, stream: false), 0, 0);

    /// <summary>As OpenAI's SDKs send it: the model after the messages, the flag last, the prompt full of escapes as real ones are.</summary>
    private static ReadOnlyMemory<byte> Chat(int size, bool stream) => Post(
        "/v1/chat/completions",
        $$"""{"messages":[{"role":"system","content":"You are terse."},{"role":"user","content":"{{Prompt(size - 150)}}"}],"model":"{{CannedWorkers.PacedModel}}","stream":{{(stream ? "true" : "false")}}}""");

    private static ReadOnlyMemory<byte> Completion(int size) => Post(
        "/v1/completions",
        $$"""{"model":"{{CannedWorkers.BurstModel}}","prompt":"{{Prompt(size - 80)}}","stream":true}""");

    private static string Prompt(int length)
    {
        const string Line = """public int Add(int left, int right) => left + right; // returns \"the sum\"\n""";
        return Number + string.Concat(Enumerable.Repeat(Line, (length - Number.Length) / Line.Length));
    }

    public static ReadOnlyMemory<byte> Post(string path, string body) => Encoding.UTF8.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: bench\r\nUser-Agent: OpenAI/Python 2.15.0\r\nAccept: application/json\r\n"
        + $"Authorization: Bearer sk-bench\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
}
