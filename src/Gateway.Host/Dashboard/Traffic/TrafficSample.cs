using System.Text.Json;

namespace Gateway.Host.Dashboard.Traffic;

/// <summary>What happened in one second.</summary>
/// <param name="At">Its end.</param>
/// <param name="Seconds">How long it really was, half a second or more.</param>
/// <param name="Counts">By <see cref="TrafficCount"/>.</param>
/// <param name="FirstPiece50">Milliseconds to the first piece of half of the streamed answers that ended; null if none did.</param>
/// <param name="FirstPiece95">The same of 95 %.</param>
/// <param name="Inside">Requests in the gateway at its end.</param>
/// <param name="Waiting">Those of them that waited for a place.</param>
internal sealed record TrafficSample(
    DateTimeOffset At, double Seconds, IReadOnlyList<long> Counts, double? FirstPiece50, double? FirstPiece95, int Inside, int Waiting)
{
    /// <summary>Writes it as an object; counts are for the sample, and not for a second.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("at"u8, At.ToUnixTimeMilliseconds());
        json.WriteNumber("seconds"u8, Math.Round(Seconds, 3));
        json.WriteNumber("good"u8, Counts[(int)TrafficCount.Good]);
        json.WriteNumber("failed"u8, Counts[(int)TrafficCount.Failed]);
        json.WriteNumber("refused"u8, Counts[(int)TrafficCount.Refused]);
        json.WriteNumber("client_gone"u8, Counts[(int)TrafficCount.ClientGone]);
        json.WriteNumber("prompt_tokens"u8, Counts[(int)TrafficCount.PromptTokens]);
        json.WriteNumber("cached_tokens"u8, Counts[(int)TrafficCount.CachedTokens]);
        json.WriteNumber("completion_tokens"u8, Counts[(int)TrafficCount.CompletionTokens]);
        json.WriteNumber("prompt_bytes"u8, Counts[(int)TrafficCount.PromptBytes]);
        json.WriteNumber("known_bytes"u8, Counts[(int)TrafficCount.KnownBytes]);
        if (FirstPiece50 is { } half)
            json.WriteNumber("first_piece_p50_ms"u8, Math.Round(half, 2));
        if (FirstPiece95 is { } most)
            json.WriteNumber("first_piece_p95_ms"u8, Math.Round(most, 2));
        json.WriteNumber("inside"u8, Inside);
        json.WriteNumber("waiting"u8, Waiting);
        json.WriteEndObject();
    }
}
