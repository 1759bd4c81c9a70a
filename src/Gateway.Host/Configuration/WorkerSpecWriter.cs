using System.Text.Json;
using Gateway.Actors.Workers;

namespace Gateway.Host.Configuration;

/// <summary>
/// Writes what <see cref="WorkerSpecReader"/> reads, field by field into an object that is open. The API key is never written.
/// </summary>
internal static class WorkerSpecWriter
{
    /// <param name="json">Within an object.</param>
    /// <param name="spec">What to write.</param>
    /// <param name="mode">How it is spoken to; Auto as long as that is not known.</param>
    public static void Write(Utf8JsonWriter json, WorkerSpec spec, ConnectionMode mode)
    {
        json.WriteString("url"u8, spec.Url.Text);
        WriteModels(json, spec.Models);
        json.WriteString("worker_type"u8, WorkerSpecWords.Roles.WordOf(spec.Role));
        json.WriteString("connection_mode"u8, WorkerSpecWords.Modes.WordOf(mode));
        json.WriteString("runtime_type"u8, WorkerSpecWords.Runtimes.WordOf(spec.Runtime));
        json.WriteStartObject("labels"u8);
        foreach (var (name, value) in spec.Labels.Pairs)
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteNumber("priority"u8, spec.Priority);
        json.WriteNumber("cost"u8, spec.Cost);
        if (spec.ServerName is { } server)
            json.WriteString("tls_server_name"u8, server);
        WriteNumber(json, "bootstrap_port", spec.BootstrapPort);
        WriteNumber(json, "dp_size", spec.DataParallelSize);
        if (spec.Health is { } health)
            WriteHealth(json, health);
        WorkerResilience.Write(json, spec);
    }

    public static void WriteModels(Utf8JsonWriter json, EquatableArray<ModelCard> models)
    {
        json.WriteStartArray("models"u8);
        foreach (var card in models)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, card.Id);
            json.WriteStartArray("aliases"u8);
            foreach (var alias in card.Aliases)
                json.WriteStringValue(alias);
            json.WriteEndArray();
            WriteNumber(json, "context_length", card.MaxModelLength);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteHealth(Utf8JsonWriter json, HealthOverrides health)
    {
        json.WriteStartObject("health"u8);
        WriteSeconds(json, "timeout_secs", health.Timeout);
        WriteSeconds(json, "check_interval_secs", health.Interval);
        WriteNumber(json, "success_threshold", health.SuccessThreshold);
        WriteNumber(json, "failure_threshold", health.FailureThreshold);
        WriteSwitch(json, "disable_health_check", health.Disabled);
        WriteSeconds(json, "drain_timeout_secs", health.DrainTimeout);
        json.WriteEndObject();
    }

    public static void WriteNumber(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    public static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan? value)
    {
        if (value is { } time)
            json.WriteNumber(name, time.TotalSeconds);
    }

    public static void WriteSwitch(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } on)
            json.WriteBoolean(name, on);
    }
}
