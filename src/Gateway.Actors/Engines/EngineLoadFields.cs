using System.Text.Json;

namespace Gateway.Actors.Engines;

/// <summary>One rank's figures as they are passed on, made from what engines say in gRPC.</summary>
internal static class EngineLoadFields
{
    /// <param name="rank">Which rank.</param>
    /// <param name="running">Requests being generated.</param>
    /// <param name="waiting">Requests in its queue.</param>
    /// <param name="used">Tokens in its cache; left out without <paramref name="capacity"/>, when nothing is said by zeros.</param>
    /// <param name="capacity">Tokens that its cache can hold; 0 if it does not say.</param>
    /// <param name="usage">Used share of its cache.</param>
    /// <param name="throughput">Tokens per second.</param>
    /// <param name="mostRunning">Requests that it runs at once; 0 if it does not say.</param>
    public static Dictionary<string, JsonElement> Of(
        int rank, int running, int waiting, int used, int capacity, double usage, double throughput, int mostRunning)
    {
        var fields = new Dictionary<string, JsonElement>
        {
            ["dp_rank"] = Json(rank),
            ["num_running_reqs"] = Json(running),
            ["num_waiting_reqs"] = Json(waiting),
            ["num_total_reqs"] = Json(running + waiting),
            ["token_usage"] = Json(usage),
            ["gen_throughput"] = Json(throughput),
        };
        if (capacity > 0)
        {
            fields["num_used_tokens"] = Json(used);
            fields["max_total_num_tokens"] = Json(capacity);
        }

        if (mostRunning > 0)
            fields["max_running_requests"] = Json(mostRunning);
        return fields;
    }

    public static JsonElement Json(double figure) => JsonSerializer.SerializeToElement(double.IsFinite(figure) ? figure : 0);

    public static JsonElement Json(int figure) => JsonSerializer.SerializeToElement(figure);

    /// <summary>The sum of what the ranks run at once.</summary>
    /// <returns>Null if one does not say.</returns>
    public static int? Sum(IEnumerable<int> mostRunning)
    {
        long sum = 0;
        foreach (var most in mostRunning)
        {
            if (most <= 0)
                return null;
            sum += most;
        }

        return EngineFacts.Positive(sum);
    }
}
