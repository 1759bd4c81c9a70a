using System.Text.Json;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;

namespace Gateway.Host.Configuration;

/// <summary>The fields in which a worker or a model overrides retry settings; they are the same for both.</summary>
internal static class RetryFields
{
    /// <summary>A day, in milliseconds: longer waits are mistakes.</summary>
    private const double LongestWait = 86_400_000;

    private const string StatusCodes = "retryable_status_codes";

    /// <returns>Null if none is given.</returns>
    /// <exception cref="FormatException">A field is wrong; the message names it.</exception>
    public static RetryOverrides? Read(JsonFields fields)
    {
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
        return retry == new RetryOverrides() ? null : retry;
    }

    /// <summary>Writes those that are given into the object that is open.</summary>
    public static void Write(Utf8JsonWriter json, RetryOverrides retry)
    {
        WorkerSpecWriter.WriteSwitch(json, "disable_retry", retry.Disabled);
        WorkerSpecWriter.WriteNumber(json, "max_retries", retry.MaxAttempts);
        WriteNumber(json, "initial_backoff_ms", retry.InitialBackoff?.TotalMilliseconds);
        WriteNumber(json, "max_backoff_ms", retry.MaxBackoff?.TotalMilliseconds);
        WriteNumber(json, "backoff_multiplier", retry.BackoffMultiplier);
        WriteNumber(json, "jitter_factor", retry.JitterFactor);
        if (retry.StatusCodes is not { } codes)
            return;
        json.WriteStartArray(StatusCodes);
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
        fields.Number(name, 0, LongestWait) is { } value ? TimeSpan.FromMilliseconds(value) : null;

    private static EquatableArray<int>? ReadStatusCodes(JsonFields fields)
    {
        if (fields.Any(StatusCodes) is not { } list)
            return null;
        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(IsErrorStatus)
            ? [.. list.EnumerateArray().Select(static code => code.GetInt32())]
            : throw fields.Wrong(StatusCodes, "must be a list of statuses from 400 to 599");
    }

    private static bool IsErrorStatus(JsonElement code) =>
        code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var status) && status is >= 400 and <= 599;
}
