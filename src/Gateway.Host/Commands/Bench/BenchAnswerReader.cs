using System.Diagnostics;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Gateway.Host.Commands.Bench;

/// <summary>Reads one answer, and believes nothing: an answer is complete only if it says so itself.</summary>
/// <param name="plan">Of the request.</param>
/// <param name="due">Timestamp from which its times count.</param>
internal sealed class BenchAnswerReader(BenchPlan plan, long due)
{
    private static readonly TimeSpan ErrorTimeout = TimeSpan.FromSeconds(5);

    private readonly List<double> _gaps = [];
    private readonly HashSet<int> _begun = [];
    private readonly HashSet<int> _ended = [];
    private double? _first;
    private long _lastPiece;
    private int _pieces;
    private int _input;
    private int _output;

    public async Task<BenchOutcome> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (!response.IsSuccessStatusCode)
            return End(BenchEnding.ErrorStatus, await ErrorOfAsync(response, cancellation));
        var stream = await response.Content.ReadAsStreamAsync(cancellation);
        try
        {
            return plan.IsStreamed ? await ReadEventsAsync(stream, cancellation) : await ReadWholeAsync(stream, cancellation);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return End(BenchEnding.Cut, failure.Message);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return End(BenchEnding.NotAnAnswer, failure.Message);
        }
    }

    /// <summary>The same for what never had an answer, or not in time.</summary>
    public BenchOutcome End(BenchEnding ending, string detail = "") => new(
        ending, detail.ReplaceLineEndings(" "), Stopwatch.GetElapsedTime(due).TotalSeconds, _first, _gaps, _input, _output > 0 ? _output : _pieces);

    private async Task<BenchOutcome> ReadWholeAsync(Stream stream, CancellationToken cancellation)
    {
        using var document = await JsonDocument.ParseAsync(stream, default, cancellation);
        Take(document.RootElement);
        return IsEnded ? End(BenchEnding.Complete) : End(BenchEnding.NotAnAnswer, "a choice without finish_reason");
    }

    private async Task<BenchOutcome> ReadEventsAsync(Stream stream, CancellationToken cancellation)
    {
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation))
        {
            if (item.Data == "[DONE]")
                return IsEnded ? End(BenchEnding.Complete) : End(BenchEnding.Cut, "[DONE] came before every choice had ended");
            using var document = JsonDocument.Parse(item.Data);
            if (document.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
                return End(BenchEnding.ErrorEvent, MessageOf(error));
            Take(document.RootElement);
        }

        return End(BenchEnding.Cut, "the stream ended without [DONE]");
    }

    private bool IsEnded => _begun.Count > 0 && _begun.Count == _ended.Count;

    private void Take(JsonElement answer)
    {
        if (answer.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            _input = Number(usage, "prompt_tokens");
            _output = Number(usage, "completion_tokens");
        }

        var hasText = false;
        foreach (var choice in answer.GetProperty("choices").EnumerateArray())
        {
            var index = choice.TryGetProperty("index", out var told) ? told.GetInt32() : 0;
            _begun.Add(index);
            if (choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String)
                _ended.Add(index);
            hasText |= HasText(choice);
        }

        if (hasText && plan.IsStreamed)
            Arrived();
    }

    private void Arrived()
    {
        var now = Stopwatch.GetTimestamp();
        if (_first is null)
            _first = Stopwatch.GetElapsedTime(due, now).TotalSeconds;
        else
            _gaps.Add(Stopwatch.GetElapsedTime(_lastPiece, now).TotalSeconds);
        _lastPiece = now;
        _pieces++;
    }

    /// <summary>The first event of a chat has a role and no text; tokens of thinking and of calls are tokens too.</summary>
    private static bool HasText(JsonElement choice)
    {
        if (choice.TryGetProperty("text", out var text))
            return IsText(text);
        return choice.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.Object
            && ((delta.TryGetProperty("content", out var content) && IsText(content))
                || (delta.TryGetProperty("reasoning_content", out var reasoning) && IsText(reasoning))
                || (delta.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array && calls.GetArrayLength() > 0));
    }

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 };

    private static int Number(JsonElement usage, string name) =>
        usage.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : 0;

    private static async Task<string> ErrorOfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(ErrorTimeout);
            using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(limit.Token));
            return document.RootElement.TryGetProperty("error", out var error) ? $"{status} {MessageOf(error)}" : status;
        }
        catch (Exception failure) when (failure is JsonException or HttpRequestException or IOException or InvalidOperationException)
        {
            return status;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return status;
        }
    }

    private static string MessageOf(JsonElement error) =>
        error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out var message) ? message.ToString() : error.ToString();
}
