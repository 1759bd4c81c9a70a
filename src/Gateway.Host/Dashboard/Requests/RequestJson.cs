using System.Text.Json;

namespace Gateway.Host.Dashboard.Requests;

/// <summary>How the dashboard's events tell of a request. Times are in milliseconds.</summary>
internal static class RequestJson
{
    /// <summary>Writes it as an object.</summary>
    public static void Write(Utf8JsonWriter json, RequestRecord record)
    {
        json.WriteStartObject();
        json.WriteNumber("number"u8, record.Number);
        json.WriteString("id"u8, record.Id);
        json.WriteNumber("ended"u8, record.EndedAt.ToUnixTimeMilliseconds());
        json.WriteString("endpoint"u8, record.Endpoint);
        WriteText(json, "model"u8, record.Model);
        WriteText(json, "tenant"u8, record.Tenant);
        json.WriteBoolean("stream"u8, record.IsStream);
        json.WriteNumber("status"u8, record.Status);
        json.WriteString("ending"u8, record.Ending switch
        {
            Serving.ExchangeEnding.Complete => "complete"u8,
            Serving.ExchangeEnding.Interrupted => "interrupted"u8,
            _ => "client_gone"u8,
        });
        WriteText(json, "error"u8, record.Error);
        json.WriteNumber("attempts"u8, record.Attempts);
        WriteWorker(json, "worker"u8, record.Worker);
        WriteWorker(json, "prefill_worker"u8, record.Prefill);
        if (record.Worker is not null)
            WriteRoute(json, record);
        if (record.FirstPiece is { } first)
            json.WriteNumber("first_piece_ms"u8, Milliseconds(first));
        json.WriteNumber("total_ms"u8, Milliseconds(record.Total));
        WriteTimes(json, record);
        json.WriteNumber("bytes_in"u8, record.BytesIn);
        json.WriteNumber("bytes_out"u8, record.BytesOut);
        if (record.Tokens is { } tokens)
        {
            json.WriteStartObject("tokens"u8);
            json.WriteNumber("prompt"u8, tokens.PromptTokens);
            json.WriteNumber("cached"u8, tokens.CachedTokens);
            json.WriteNumber("completion"u8, tokens.CompletionTokens);
            json.WriteNumber("reasoning"u8, tokens.ReasoningTokens);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteRoute(Utf8JsonWriter json, RequestRecord record)
    {
        var route = record.Route;
        json.WriteStartObject("route"u8);
        WriteText(json, "policy"u8, route.Policy);
        WriteText(json, "prefill_policy"u8, route.PrefillPolicy);
        WriteText(json, "rule"u8, route.Rule);
        json.WriteNumber("candidates"u8, route.Candidates);
        json.WriteNumber("load"u8, route.Load);
        json.WriteNumber("prompt_bytes"u8, route.PromptBytes);
        // A policy that does not look at prompts has no rule, and expects nothing.
        if (route.PromptBytes > 0 && route.Rule is not null)
            json.WriteNumber("prefix_share"u8, Math.Round((double)route.KnownBytes / route.PromptBytes, 4));
        if (record.Weighed is { } weighed)
        {
            json.WriteStartArray("weighed"u8);
            foreach (var worker in weighed)
                WriteWeighed(json, worker);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteWeighed(Utf8JsonWriter json, WeighedWorker worker)
    {
        json.WriteStartObject();
        json.WriteString("url"u8, worker.Url);
        json.WriteNumber("known_bytes"u8, worker.KnownBytes);
        json.WriteNumber("running"u8, worker.Running);
        json.WriteNumber("pending_bytes"u8, worker.PendingBytes);
        if (worker.Cost is { } cost)
            json.WriteNumber("cost"u8, Math.Round(cost));
        json.WriteEndObject();
    }

    private static void WriteTimes(Utf8JsonWriter json, RequestRecord record)
    {
        var times = record.Times;
        json.WriteStartObject("times"u8);
        json.WriteNumber("body"u8, Milliseconds(times.Body));
        json.WriteNumber("queue"u8, Milliseconds(times.Queue));
        json.WriteNumber("engine"u8, Milliseconds(times.Engine));
        json.WriteNumber("client"u8, Milliseconds(times.Client));
        json.WriteNumber("backoff"u8, Milliseconds(times.Backoff));
        json.WriteNumber("gateway"u8, Milliseconds(record.Total > times.Waits ? record.Total - times.Waits : TimeSpan.Zero));
        json.WriteEndObject();
    }

    private static void WriteWorker(Utf8JsonWriter json, ReadOnlySpan<byte> name, RequestWorker? worker)
    {
        if (worker is null)
            return;
        json.WriteStartObject(name);
        json.WriteString("id"u8, worker.Id.Value);
        json.WriteString("url"u8, worker.Url);
        json.WriteNumber("epoch"u8, worker.Epoch);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
