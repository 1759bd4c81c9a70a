using System.Text.Json;
using Gateway.Simulator.Engine;

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
        json.WriteStartObject();
        WriteModel(json, options);
        json.WriteString("version", ModelFacts.Version);
        json.WriteString("status", "ready");
        json.WriteNumber("tp_size", 1);
        json.WriteNumber("dp_size", options.DataParallelSize);
        json.WriteString("disaggregation_mode", ModelFacts.ModeOf(options.Role));
        if (exchange.Life.BootstrapPort is { } bootstrapPort)
            json.WriteNumber("disaggregation_bootstrap_port", bootstrapPort);
        json.WriteNumber("context_length", options.MaxModelLength);
        json.WriteNumber("max_total_num_tokens", exchange.Engines.Ranks[0].Load.CapacityTokens);
        json.WriteNumber("max_running_requests", options.MaxRunningRequests * options.DataParallelSize);
        json.WriteNumber("page_size", options.KvBlockTokens);
        json.WriteStartArray("internal_states");
        foreach (var engine in exchange.Engines.Ranks)
            WriteState(json, engine, options);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>GET /get_load.</summary>
    public static Task LoadAsync(Exchange exchange) => exchange.WriteJsonAsync(StatusCodes.Status200OK, json =>
    {
        json.WriteStartArray();
        foreach (var engine in exchange.Engines.Ranks)
        {
            var load = engine.Load;
            json.WriteStartObject();
            json.WriteNumber("dp_rank", engine.Rank);
            json.WriteNumber("num_reqs", load.Running + load.Waiting);
            json.WriteNumber("num_waiting_reqs", load.Waiting);
            json.WriteNumber("num_tokens", load.UsedTokens + load.WaitingTokens);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>GET /v1/loads.</summary>
    public static Task LoadsAsync(Exchange exchange) => exchange.WriteJsonAsync(StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        json.WriteString("timestamp", exchange.Options.TimeProvider.GetUtcNow());
        json.WriteString("version", ModelFacts.Version);
        json.WriteNumber("dp_rank_count", exchange.Options.DataParallelSize);
        json.WriteStartArray("loads");
        foreach (var engine in exchange.Engines.Ranks)
            WriteLoad(json, engine, exchange);
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
        exchange.Engines.AbortByIdPrefix(id);
        exchange.Response.StatusCode = StatusCodes.Status200OK;
    }

    /// <summary>POST /flush_cache.</summary>
    public static Task FlushCacheAsync(Exchange exchange)
    {
        exchange.Engines.FlushCache();
        return exchange.WriteTextAsync(StatusCodes.Status200OK, "Cache flushed.\n");
    }

    private static void WriteState(Utf8JsonWriter json, SimulatedEngine engine, SimulatorOptions options)
    {
        var load = engine.Load;
        json.WriteStartObject();
        json.WriteNumber("dp_rank", engine.Rank);
        json.WriteNumber("max_running_requests", options.MaxRunningRequests);
        json.WriteNumber("effective_max_running_requests_per_dp", options.MaxRunningRequests);
        json.WriteNumber("num_running_reqs", load.Running);
        json.WriteNumber("num_waiting_reqs", load.Waiting);
        json.WriteEndObject();
    }

    private static void WriteLoad(Utf8JsonWriter json, SimulatedEngine engine, Exchange exchange)
    {
        var load = engine.Load;
        json.WriteStartObject();
        json.WriteNumber("dp_rank", engine.Rank);
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
    }

    private static void WriteModel(Utf8JsonWriter json, SimulatorOptions options)
    {
        json.WriteString("model_path", ModelFacts.PathOf(options));
        json.WriteString("tokenizer_path", ModelFacts.PathOf(options));
        json.WriteString("served_model_name", options.Model);
    }
}
