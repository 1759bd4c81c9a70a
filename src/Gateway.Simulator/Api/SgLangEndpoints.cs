using System.Text.Json;

namespace Gateway.Simulator.Api;

/// <summary>What only SGLang has. Field names are those of its HTTP server, as far as gateways read them.</summary>
internal static class SgLangEndpoints
{
    /// <summary>GET /get_model_info and /model_info.</summary>
    public static Task ModelInfoAsync(Exchange exchange) => exchange.WriteJsonAsync(StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        WriteModel(json, exchange.Options);
        json.WriteBoolean("is_generation", true);
        json.WriteNumber("max_context_length", exchange.Options.MaxModelLength);
        json.WriteEndObject();
    });

    /// <summary>GET /get_server_info and /server_info.</summary>
    public static Task ServerInfoAsync(Exchange exchange) => exchange.WriteJsonAsync(StatusCodes.Status200OK, json =>
    {
        var options = exchange.Options;
        var load = exchange.Engine.Load;
        json.WriteStartObject();
        WriteModel(json, options);
        json.WriteString("version", ModelFacts.Version);
        json.WriteString("status", "ready");
        json.WriteNumber("tp_size", 1);
        json.WriteNumber("dp_size", 1);
        json.WriteNumber("context_length", options.MaxModelLength);
        json.WriteNumber("max_total_num_tokens", load.CapacityTokens);
        json.WriteNumber("max_running_requests", options.MaxRunningRequests);
        json.WriteNumber("page_size", options.KvBlockTokens);
        json.WriteStartArray("internal_states");
        json.WriteStartObject();
        json.WriteNumber("dp_rank", 0);
        json.WriteNumber("max_running_requests", options.MaxRunningRequests);
        json.WriteNumber("num_running_reqs", load.Running);
        json.WriteNumber("num_waiting_reqs", load.Waiting);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>GET /get_load.</summary>
    public static Task LoadAsync(Exchange exchange) => exchange.WriteJsonAsync(StatusCodes.Status200OK, json =>
    {
        var load = exchange.Engine.Load;
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteNumber("dp_rank", 0);
        json.WriteNumber("num_reqs", load.Running + load.Waiting);
        json.WriteNumber("num_waiting_reqs", load.Waiting);
        json.WriteNumber("num_tokens", load.UsedTokens + load.WaitingTokens);
        json.WriteEndObject();
        json.WriteEndArray();
    });

    /// <summary>GET /v1/loads.</summary>
    public static Task LoadsAsync(Exchange exchange) => exchange.WriteJsonAsync(StatusCodes.Status200OK, json =>
    {
        var load = exchange.Engine.Load;
        json.WriteStartObject();
        json.WriteString("timestamp", exchange.Options.TimeProvider.GetUtcNow());
        json.WriteString("version", ModelFacts.Version);
        json.WriteNumber("dp_rank_count", 1);
        json.WriteStartArray("loads");
        json.WriteStartObject();
        json.WriteNumber("dp_rank", 0);
        json.WriteNumber("num_running_reqs", load.Running);
        json.WriteNumber("num_waiting_reqs", load.Waiting);
        json.WriteNumber("num_waiting_uncached_tokens", load.WaitingTokens);
        json.WriteNumber("num_total_reqs", load.Running + load.Waiting);
        json.WriteNumber("num_used_tokens", load.UsedTokens);
        json.WriteNumber("max_total_num_tokens", load.CapacityTokens);
        json.WriteNumber("token_usage", load.Usage);
        json.WriteNumber("cache_hit_rate", Metrics.CacheHitRate(exchange.Life.Stats));
        json.WriteNumber("utilization", (double)load.Running / exchange.Options.MaxRunningRequests);
        json.WriteNumber("max_running_requests", exchange.Options.MaxRunningRequests);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>POST /abort_request with a <c>rid</c>, which matches as a prefix, or with <c>abort_all</c>.</summary>
    public static async Task AbortAsync(Exchange exchange)
    {
        using var document = await exchange.ReadJsonAsync();
        var id = document.RootElement.GetText("rid");
        if (document.RootElement.GetFlag("abort_all"))
            id = "";
        // An empty id is what SGLang takes for "all"; asked for by mistake it would be a disaster, so it must be said.
        else if (string.IsNullOrEmpty(id))
            throw ApiException.Invalid("rid", "'rid' must name a request, or 'abort_all' be true.");
        exchange.Engine.AbortByIdPrefix(id);
        exchange.Response.StatusCode = StatusCodes.Status200OK;
    }

    /// <summary>POST /flush_cache.</summary>
    public static Task FlushCacheAsync(Exchange exchange)
    {
        exchange.Engine.FlushCache();
        return exchange.WriteTextAsync(StatusCodes.Status200OK, "Cache flushed.\n");
    }

    private static void WriteModel(Utf8JsonWriter json, SimulatorOptions options)
    {
        json.WriteString("model_path", ModelFacts.PathOf(options));
        json.WriteString("tokenizer_path", ModelFacts.PathOf(options));
        json.WriteString("served_model_name", options.Model);
    }
}
