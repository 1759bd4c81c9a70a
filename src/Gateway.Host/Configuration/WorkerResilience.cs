using System.Text.Json;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;

namespace Gateway.Host.Configuration;

/// <summary>The <c>resilience</c> object of a worker: what it overrides of the breaker's and the retries' settings.</summary>
internal static class WorkerResilience
{
    private const double LongestWait = 86_400;

    /// <exception cref="FormatException">A field is wrong; the message names it.</exception>
    public static (BreakerOverrides? Breaker, RetryOverrides? Retry) Read(JsonFields worker)
    {
        if (worker.Object("resilience") is not { } fields)
            return default;
        var breaker = new BreakerOverrides
        {
            Disabled = fields.Switch("disable_circuit_breaker"),
            FailureThreshold = fields.Integer("cb_failure_threshold", 1, 1_000_000),
            SuccessThreshold = fields.Integer("cb_success_threshold", 1, 1_000_000),
            OpenDuration = fields.Seconds("cb_timeout_secs", 0.1, LongestWait),
            Window = fields.Seconds("cb_window_secs", 1, LongestWait),
        };
        var retry = new RetryOverrides
        {
            Disabled = fields.Switch("disable_retry"),
            MaxAttempts = fields.Integer("max_retries", 1, TriedWorkers.Capacity),
            InitialBackoff = Milliseconds(fields, "initial_backoff_ms"),
            MaxBackoff = Milliseconds(fields, "max_backoff_ms"),
            BackoffMultiplier = fields.Number("backoff_multiplier", 1, 100),
            JitterFactor = fields.Number("jitter_factor", 0, 1),
            StatusCodes = ReadStatusCodes(fields),
        };
        fields.RefuseOthers();
        return (breaker == new BreakerOverrides() ? null : breaker, retry == new RetryOverrides() ? null : retry);
    }

    /// <summary>Writes the object, if there is anything to say.</summary>
    public static void Write(Utf8JsonWriter json, WorkerSpec spec)
    {
        if (spec is { Breaker: null, Retry: null })
            return;
        json.WriteStartObject("resilience"u8);
        if (spec.Breaker is { } breaker)
        {
            WorkerSpecWriter.WriteNumber(json, "cb_failure_threshold", breaker.FailureThreshold);
            WorkerSpecWriter.WriteNumber(json, "cb_success_threshold", breaker.SuccessThreshold);
            WorkerSpecWriter.WriteSeconds(json, "cb_timeout_secs", breaker.OpenDuration);
            WorkerSpecWriter.WriteSeconds(json, "cb_window_secs", breaker.Window);
            WorkerSpecWriter.WriteSwitch(json, "disable_circuit_breaker", breaker.Disabled);
        }

        if (spec.Retry is { } retry)
            WriteRetry(json, retry);
        json.WriteEndObject();
    }

    private static void WriteRetry(Utf8JsonWriter json, RetryOverrides retry)
    {
        WorkerSpecWriter.WriteSwitch(json, "disable_retry", retry.Disabled);
        WorkerSpecWriter.WriteNumber(json, "max_retries", retry.MaxAttempts);
        WriteNumber(json, "initial_backoff_ms", retry.InitialBackoff?.TotalMilliseconds);
        WriteNumber(json, "max_backoff_ms", retry.MaxBackoff?.TotalMilliseconds);
        WriteNumber(json, "backoff_multiplier", retry.BackoffMultiplier);
        WriteNumber(json, "jitter_factor", retry.JitterFactor);
        if (retry.StatusCodes is not { } codes)
            return;
        json.WriteStartArray("retryable_status_codes"u8);
        foreach (var code in codes)
            json.WriteNumberValue(code);
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private static TimeSpan? Milliseconds(JsonFields fields, string name) =>
        fields.Number(name, 0, LongestWait * 1000) is { } value ? TimeSpan.FromMilliseconds(value) : null;

    private static EquatableArray<int>? ReadStatusCodes(JsonFields fields)
    {
        const string Name = "retryable_status_codes";
        if (fields.Any(Name) is not { } list)
            return null;
        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(IsErrorStatus)
            ? [.. list.EnumerateArray().Select(static code => code.GetInt32())]
            : throw fields.Wrong(Name, "must be a list of statuses from 400 to 599");
    }

    private static bool IsErrorStatus(JsonElement code) =>
        code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var status) && status is >= 400 and <= 599;
}
