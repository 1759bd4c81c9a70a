using System.Diagnostics.Metrics;
using Gateway.Host.Admission;
using Gateway.Host.Serving;

namespace Gateway.Host.Observability.Metrics;

/// <summary>Counts who got a place, at once or after a wait, and who was refused one. Plain words, read when somebody looks.</summary>
internal sealed class AdmissionCounts
{
    private static readonly string[] Priorities = ["bulk", "default", "interactive", "system"];
    private static readonly string[] Results = ["at_once", "queued", "refused"];

    private static readonly KeyValuePair<string, object?>[] Classes = [.. Priorities.Select(static word => new KeyValuePair<string, object?>("class", word))];

    private readonly long[,] _counts = new long[Priorities.Length, Results.Length];

    public void Register(GatewayMeter meter)
    {
        meter.Count("gateway.admissions", "{request}", "Requests that got their places, at once or after a wait, or were refused them.", () => Counts("priority", "result"));
        if (meter.HasSmgNames)
            meter.Count("smg_scheduler_admit_total", "", "Requests that got their places, or were refused them.", () => Counts("class", "outcome"));
    }

    /// <summary>The compatibility names' label of a priority, made once.</summary>
    public static KeyValuePair<string, object?> ClassOf(RequestPriority priority) => Classes[(int)priority];

    /// <summary>A request has ended.</summary>
    public void End(Exchange exchange)
    {
        var result = exchange.Seat is not null ? exchange.Times.Queue > 0 ? 1 : 0 : exchange.ErrorCode is "queue_full" or "queue_timeout" ? 2 : -1;
        if (result >= 0)
            Interlocked.Increment(ref _counts[(int)exchange.Priority, result]);
    }

    private IEnumerable<Measurement<long>> Counts(string priority, string result)
    {
        for (var i = 0; i < Priorities.Length; i++)
        {
            for (var j = 0; j < Results.Length; j++)
            {
                if (Volatile.Read(ref _counts[i, j]) is var count and > 0)
                    yield return new Measurement<long>(count, new(priority, Priorities[i]), new(result, Results[j]));
            }
        }
    }
}
