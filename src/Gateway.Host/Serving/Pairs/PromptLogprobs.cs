using System.Text.Json;

namespace Gateway.Host.Serving.Pairs;

/// <summary>
/// The log-probabilities of the prompts' tokens, which only the prefill worker knows: SGLang's <c>meta_info.input_token_logprobs</c>, by prompt.
/// </summary>
internal sealed class PromptLogprobs
{
    /// <summary>Bytes of an answer; a token's is some 30 bytes long. A longer answer fails the attempt.</summary>
    private const int LongestAnswer = 256 * 1024 * 1024;

    private readonly Dictionary<int, ReadOnlyMemory<byte>> _elements = [];

    public static PromptLogprobs None { get; } = new();

    /// <summary>Only SGLang's own endpoint gives them; the OpenAI ones give those of the answer's tokens, which the decode worker knows.</summary>
    public static bool AreAskedFor(Exchange exchange) => exchange.Peek.ReturnLogprob && exchange.Endpoint!.Path == "/generate";

    /// <summary>Those of a prompt as the elements of a JSON array, without its brackets.</summary>
    public ReadOnlySpan<byte> Of(int prompt) => _elements.TryGetValue(prompt, out var elements) ? elements.Span : [];

    /// <summary>Takes them out of a prefill worker's answer, whole or streamed.</summary>
    public static async Task<PromptLogprobs> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await answer.Content.LoadIntoBufferAsync(LongestAnswer, cancellation);
        ReadOnlyMemory<byte> body = await answer.Content.ReadAsByteArrayAsync(cancellation);
        var logprobs = new PromptLogprobs();
        if (answer.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            logprobs.Take(body);
            return logprobs;
        }

        foreach (var line in body.Span.Split("\n"u8))
        {
            if (body.Span[line].StartsWith(EventData.Prefix))
                logprobs.Take(body[line][EventData.Prefix.Length..]);
        }

        return logprobs;
    }

    /// <summary>Of a stream the last event counts: each has them all.</summary>
    private void Take(ReadOnlyMemory<byte> json)
    {
        foreach (var place in Find(json.Span))
            _elements[place.Prompt] = json[place.Start..place.End];
    }

    /// <summary>Where they stand in an answer, or in an event of one; nowhere in what has another shape.</summary>
    public static List<LogprobPlace> Find(ReadOnlySpan<byte> json)
    {
        var places = new List<LogprobPlace>();
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read())
                return places;
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                FindInAnswer(ref reader, 0, places);
            }
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                for (var prompt = 0; reader.Read() && reader.TokenType == JsonTokenType.StartObject; prompt++)
                    FindInAnswer(ref reader, prompt, places);
            }
        }
        catch (JsonException)
        {
            places.Clear();
        }

        return places;
    }

    private static void FindInAnswer(ref Utf8JsonReader reader, int prompt, List<LogprobPlace> places)
    {
        LogprobPlace? found = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Events of a batch say which prompt they are about.
            var isIndex = reader.ValueTextEquals("index"u8);
            var isMeta = reader.ValueTextEquals("meta_info"u8);
            reader.Read();
            if (isIndex && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index))
                prompt = index;
            else if (isMeta && reader.TokenType == JsonTokenType.StartObject)
                found = FindInMeta(ref reader);
            else
                reader.Skip();
        }

        if (found is { } place)
            places.Add(place with { Prompt = prompt });
    }

    private static LogprobPlace? FindInMeta(ref Utf8JsonReader reader)
    {
        LogprobPlace? found = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = reader.ValueTextEquals("input_token_logprobs"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex + 1;
            var isArray = reader.TokenType == JsonTokenType.StartArray;
            reader.Skip();
            if (isWanted && isArray)
                found = new LogprobPlace(0, start, (int)reader.TokenStartIndex);
        }

        return found;
    }
}

/// <summary>Where the elements of an array of log-probabilities stand in a JSON text.</summary>
/// <param name="Prompt">Which prompt of a batch they are about; 0 if there is only one.</param>
/// <param name="Start">Behind the opening bracket.</param>
/// <param name="End">At the closing one.</param>
internal readonly record struct LogprobPlace(int Prompt, int Start, int End);
