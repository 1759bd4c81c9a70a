using System.Text;
using Gateway.LoadBench.Client;

namespace Gateway.LoadBench.Scale;

/// <summary>What is asked of the gateway and of its workers.</summary>
internal static class ScaleRequests
{
    /// <summary>The control plane, which has no key here, answers this machine alone.</summary>
    private const string Host = "127.0.0.1";

    public static Workload Whole { get; } = new("1 KB", Chat(stream: false), 0, 0);

    public static Workload Stream { get; } = new("slow stream", Chat(stream: true), 0, ScaleFleet.Chunks);

    public static ReadOnlyMemory<byte> Get(string path) => Encoding.UTF8.GetBytes($"GET {path} HTTP/1.1\r\nHost: {Host}\r\n\r\n");

    public static ReadOnlyMemory<byte> Register(Uri worker)
    {
        var body = $$"""{"url":"{{worker.GetLeftPart(UriPartial.Authority)}}"}""";
        return Encoding.UTF8.GetBytes(
            $"POST /workers HTTP/1.1\r\nHost: {Host}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private static ReadOnlyMemory<byte> Chat(bool stream)
    {
        var prompt = Workload.Number + string.Concat(Enumerable.Repeat("What is the sum of all these numbers? ", 24));
        return Workload.Post(
            "/v1/chat/completions",
            $$"""{"messages":[{"role":"user","content":"{{prompt}}"}],"model":"{{ScaleFleet.Model}}","stream":{{(stream ? "true" : "false")}}}""");
    }
}
