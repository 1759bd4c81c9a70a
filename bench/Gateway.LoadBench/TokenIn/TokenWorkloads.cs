using System.Text;
using Gateway.LoadBench.Client;

namespace Gateway.LoadBench.TokenIn;

/// <summary>Completions of a prompt of 1, 16 and 256 KB, whole and streamed, with the same number of tokens each.</summary>
internal static class TokenWorkloads
{
    private const int FirstPaced = 0;
    private const int FirstInstant = 2;

    private static readonly int[] Kilobytes = [1, 16, 256];

    public static IEnumerable<Workload> All() =>
    [
        .. Kilobytes.Select(static size => new Workload(
            $"{size} KB", Completion(size * 1024, TokenEngines.InstantModel, stream: false), FirstInstant, Chunks: 0)),
        .. Kilobytes.Select(static size => new Workload(
            $"{size} KB, streamed", Completion(size * 1024, TokenEngines.PacedModel, stream: true), FirstPaced, TokenEngines.Tokens)),
    ];

    /// <summary>The answers differ in their ids and, between the protocols, in their made-up text: what counts is that all tokens came.</summary>
    public static Expected ExpectedOf(Workload workload) => Expected.WithUsage(
        $"\"completion_tokens\":{TokenEngines.Tokens}", workload.IsStream);

    private static ReadOnlyMemory<byte> Completion(int size, string model, bool stream) => Workload.Post(
        "/v1/completions",
        $$"""{"model":"{{model}}","prompt":"{{Prompt(size)}}","max_tokens":{{TokenEngines.Tokens}},"ignore_eos":true,"stream":{{(stream ? "true,\"stream_options\":{\"include_usage\":true}" : "false")}}}""");

    /// <summary>Words and numbers that a tokenizer has not met as whole words before, and not one line again and again.</summary>
    private static string Prompt(int length)
    {
        var prompt = new StringBuilder(Workload.Number);
        for (var line = 0; prompt.Length < length; line++)
            prompt.Append(System.Globalization.CultureInfo.InvariantCulture, $" Line {line}: a customer in town {line * 7919 % 1000} asked why order {line * 104729 % 100000} is late; say so kindly.\\n");
        return prompt.ToString();
    }
}
