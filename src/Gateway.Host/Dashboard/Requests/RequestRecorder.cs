using Gateway.Actors.Routing;
using Gateway.Host.Configuration;
using Gateway.Host.Dashboard.Traffic;
using Gateway.Host.Serving;

namespace Gateway.Host.Dashboard.Requests;

/// <summary>
/// Told of each request when all is over; notes those that were for engines. It makes one object and adds to a few counters, and waits for nobody.
/// Does nothing without a dashboard.
/// </summary>
internal sealed class RequestRecorder(GatewayOptions options, RequestRing ring, TrafficCounts traffic, TimeProvider time)
{
    /// <summary>Candidates kept of those that were weighed.</summary>
    private const int MostWeighed = 8;

    private readonly bool _isOn = options.Security.HasDashboard;

    public void End(HttpContext context, Exchange exchange)
    {
        if (!_isOn || exchange.Endpoint is not { } endpoint || !HttpMethods.IsPost(context.Request.Method))
            return;
        var record = new RequestRecord
        {
            Id = exchange.RequestId,
            EndedAt = time.GetUtcNow(),
            Endpoint = endpoint.Path,
            Model = exchange.Model?.Id,
            Tenant = exchange.Tenant?.Name,
            IsStream = exchange.Peek.Stream,
            Status = exchange.Status,
            Ending = exchange.Ending,
            Error = exchange.ErrorCode,
            Attempts = exchange.Attempts,
            Worker = RequestWorker.Of(exchange.Worker),
            Prefill = RequestWorker.Of(exchange.PrefillWorker),
            Route = exchange.Route with { Weighed = null },
            Weighed = exchange.Route.Weighed is { } weighed ? Cheapest(weighed) : null,
            FirstPiece = exchange.Times.FirstPieceAt == 0 ? null : time.GetElapsedTime(exchange.StartTimestamp, exchange.Times.FirstPieceAt),
            Total = time.GetElapsedTime(exchange.StartTimestamp),
            Times = TimesOf(exchange.Times),
            BytesIn = exchange.Body?.Length ?? 0,
            BytesOut = exchange.BytesSent,
            Tokens = exchange.Tokens,
        };
        ring.Add(record);
        traffic.Count(record);
    }

    private RequestTimes TimesOf(in ExchangeTimes times) => new(
        time.GetElapsedTime(0, times.Body),
        time.GetElapsedTime(0, times.Queue),
        time.GetElapsedTime(0, times.Engine),
        time.GetElapsedTime(0, times.Client),
        time.GetElapsedTime(0, times.Backoff));

    private static WeighedWorker[] Cheapest(RouteExplanation explanation) =>
    [
        .. explanation.Candidates
            .OrderBy(static candidate => double.IsNaN(candidate.Cost) ? candidate.Running : candidate.Cost)
            .Take(MostWeighed)
            .Select(static candidate => new WeighedWorker(
                candidate.Worker.Spec.Url.Text,
                candidate.MatchedBytes,
                candidate.Running,
                candidate.PendingPromptBytes,
                double.IsNaN(candidate.Cost) ? null : candidate.Cost)),
    ];
}
