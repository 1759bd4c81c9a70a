using System.Text.Json;

namespace Gateway.Simulator.Api;

/// <summary>What a person or a test does to the worker: it is no part of what real engines have.</summary>
internal static class AdminEndpoints
{
    /// <summary>GET /simulator/stats.</summary>
    public static Task StatsAsync(Exchange exchange) => exchange.WriteJsonAsync(
        StatusCodes.Status200OK,
        json => JsonSerializer.Serialize(json, exchange.Life.Stats, AdminJson.Options));

    /// <summary>GET, PUT and DELETE /simulator/faults. PUT takes one rule or an array of them, which replace all that were.</summary>
    public static async Task FaultsAsync(Exchange exchange)
    {
        var faults = exchange.Life.Faults;
        if (exchange.Request.Method == "PUT")
            faults.Replace(await ReadRulesAsync(exchange));
        else if (exchange.Request.Method == "DELETE")
            faults.Clear();
        await exchange.WriteJsonAsync(
            StatusCodes.Status200OK,
            json => JsonSerializer.Serialize(json, faults.Rules, AdminJson.Options));
    }

    /// <summary>POST /simulator/crash?for_ms=: dies now, comes back after the time if one is given.</summary>
    public static Task CrashAsync(Exchange exchange) =>
        exchange.Life.CrashAsync(int.TryParse(exchange.Request.Query["for_ms"], out var pause) ? TimeSpan.FromMilliseconds(pause) : null);

    private static async Task<IReadOnlyList<FaultRule>> ReadRulesAsync(Exchange exchange)
    {
        using var document = await exchange.ReadJsonAsync();
        var root = document.RootElement;
        IReadOnlyList<FaultRule?> read = root.ValueKind == JsonValueKind.Array
            ? root.Deserialize<IReadOnlyList<FaultRule?>>(AdminJson.Options)!
            : [root.Deserialize<FaultRule>(AdminJson.Options)];
        IReadOnlyList<FaultRule> rules = [.. read.OfType<FaultRule>()];
        if (rules.Count < read.Count)
            throw new ApiException(400, "invalid_fault", "A fault rule must be an object.");
        try
        {
            foreach (var rule in rules)
                rule.Validate();
        }
        catch (ArgumentException error)
        {
            throw new ApiException(400, "invalid_fault", error.Message);
        }

        // Over HTTP nobody could ask a worker that refuses to stop refusing.
        return rules.Any(static rule => rule.Kind == FaultKind.Refuse && rule.ForMs is null)
            ? throw ApiException.Invalid("for_ms", "A refusing worker can't be reached to end it: 'for_ms' must say for how long.")
            : rules;
    }
}
