using System.Text.Json;
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
        var retry = RetryFields.Read(fields);
        fields.RefuseOthers();
        return (breaker == new BreakerOverrides() ? null : breaker, retry);
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
            RetryFields.Write(json, retry);
        json.WriteEndObject();
    }
}
