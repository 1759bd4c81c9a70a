using Gateway.Actors.Registry;
using Gateway.Host.Admission;
using Gateway.Host.Api.Admin;
using Gateway.Host.Configuration;
using Gateway.Host.Dashboard.Requests;
using Gateway.Host.Dashboard.Traffic;
using Gateway.Host.Dashboard.Watching;

namespace Gateway.Host.Dashboard;

/// <summary><c>GET /dashboard/events</c>: the fleet, the traffic and the requests that end, as server-sent events for as long as somebody reads them.</summary>
internal sealed class DashboardEvents(
    RegistryView view, TrafficHistory history, RequestRing requests, Watchers watchers, AdmissionGate gate, GatewayOptions options, TimeProvider time)
{
    public const string Path = "/dashboard/events";

    public async Task GetAsync(HttpContext context)
    {
        if (!watchers.TryEnter())
        {
            throw new ControlPlaneException(
                StatusCodes.Status503ServiceUnavailable, ControlPlaneCode.Busy, $"{Watchers.Most} watch already, and that is the most");
        }

        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, watchers.Closing);
            await using var events = new EventStream(context);
            events.Begin();
            var feed = new WatcherFeed(events, view, history, requests, gate, options, time);
            await feed.RunAsync(Caller.Of(context).Role, end.Token);
        }
        catch (OperationCanceledException) when (watchers.Closing.IsCancellationRequested)
        {
            // The gateway stops: the stream ends, and the page tries again until there is a gateway.
        }
        finally
        {
            watchers.Exit();
        }
    }
}
