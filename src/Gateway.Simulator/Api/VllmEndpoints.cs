namespace Gateway.Simulator.Api;

/// <summary>What only vLLM has.</summary>
internal static class VllmEndpoints
{
    /// <summary>GET /version.</summary>
    public static Task VersionAsync(Exchange exchange) => exchange.WriteJsonAsync(StatusCodes.Status200OK, static json =>
    {
        json.WriteStartObject();
        json.WriteString("version", ModelFacts.Version);
        json.WriteEndObject();
    });

    /// <summary>POST /reset_prefix_cache.</summary>
    public static Task ResetPrefixCacheAsync(Exchange exchange)
    {
        exchange.Engines.FlushCache();
        return Task.CompletedTask;
    }
}
