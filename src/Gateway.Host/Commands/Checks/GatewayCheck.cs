using System.Net;

namespace Gateway.Host.Commands.Checks;

/// <summary>Whether the gateway lives, is ready, and knows the time.</summary>
internal static class GatewayCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Finding>> RunAsync(ControlPlaneClient gateway, CancellationToken cancellation)
    {
        using var health = await AskAsync(gateway, "/health", cancellation);
        var now = DateTimeOffset.UtcNow;
        List<Finding> findings =
        [
            health.StatusCode == HttpStatusCode.OK
                ? new Finding("gateway", Severity.Ok, $"{gateway.Address} answers")
                : new Finding("gateway", Severity.Failed, $"{gateway.Address} answered /health with {(int)health.StatusCode}", "is it a gateway?"),
        ];
        if (ClockCheck.Compare("the gateway", health.Headers.Date, now) is { } clock)
            findings.Add(clock);
        using var readiness = await AskAsync(gateway, "/readiness", cancellation);
        findings.Add(readiness.IsSuccessStatusCode
            ? new Finding("readiness", Severity.Ok, "it is ready")
            : new Finding(
                "readiness",
                Severity.Failed,
                $"it is not ready: {await readiness.Content.ReadAsStringAsync(cancellation)}",
                "load balancers send it nothing; the checks below tell why, unless it is stopping"));
        return findings;
    }

    private static async Task<HttpResponseMessage> AskAsync(ControlPlaneClient gateway, string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        return await gateway.SendAsync(request, key: null, Timeout, cancellation);
    }
}
