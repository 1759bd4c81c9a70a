using System.Globalization;
using Gateway.Host.Configuration;

namespace Gateway.Host.Serving;

/// <summary>
/// Says in the head of an answer where the time until then went (<c>Server-Timing</c>, as browsers and client libraries read it), if the
/// request asks for it with <c>X-Server-Timing: 1</c> and the operator allows it. Costs nothing while he does not.
/// </summary>
internal sealed class TimingReceipt(GatewayOptions options, TimeProvider time)
{
    public const string Request = "X-Server-Timing";
    public const string Header = "Server-Timing";

    private readonly bool _isAllowed = options.Security.AllowRouteExplain;

    /// <summary>Call it before anything is answered.</summary>
    public void Prepare(Exchange exchange)
    {
        if (_isAllowed && exchange.Context.Request.Headers.TryGetValue(Request, out var values) && values is ["1" or "true"])
            exchange.Context.Response.OnStarting(() => Write(exchange));
    }

    private Task Write(Exchange exchange)
    {
        var times = exchange.Times;
        times.Engine = exchange.Clock?.Waited ?? times.Engine;
        var total = time.GetTimestamp() - exchange.StartTimestamp;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"body;dur={Milliseconds(times.Body):0.###}, queue;dur={Milliseconds(times.Queue):0.###}, engine;dur={Milliseconds(times.Engine):0.###}, ");
        if (times.Backoff > 0)
            text += string.Create(CultureInfo.InvariantCulture, $"backoff;dur={Milliseconds(times.Backoff):0.###}, ");
        text += string.Create(
            CultureInfo.InvariantCulture,
            $"gateway;dur={Milliseconds(Math.Max(0, total - times.Waits)):0.###}, total;dur={Milliseconds(total):0.###}");
        // An engine may have said where its own time went.
        exchange.Context.Response.Headers.Append(Header, text);
        return Task.CompletedTask;
    }

    private double Milliseconds(long ticks) => ticks * 1000.0 / time.TimestampFrequency;
}
