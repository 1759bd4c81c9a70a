namespace Gateway.Host.Commands.Checks;

/// <summary>How the gateway sees its workers, and whether they can be reached from here as well.</summary>
internal static class WorkersCheck
{
    private const string Name = "worker";

    public static async Task<IReadOnlyList<Finding>> RunAsync(ControlPlaneClient gateway, CancellationToken cancellation)
    {
        var workers = WorkerRow.ListOf(await gateway.GetAsync("/workers", cancellation));
        if (workers.Count == 0)
            return [new Finding(Name, Severity.Failed, "there are no workers", "gateway workers add URL")];
        var findings = await Task.WhenAll(workers.Where(static worker => !worker.IsRankOfAnother).Select(worker => JudgeAsync(worker, cancellation)));
        return [.. findings.SelectMany(static found => found)];
    }

    private static async Task<IReadOnlyList<Finding>> JudgeAsync(WorkerRow worker, CancellationToken cancellation)
    {
        var probe = await EngineProbe.AskAsync(worker.Url, cancellation);
        List<Finding> findings = [Judge(worker, probe)];
        // Those that are right would only be more lines to read.
        if (ClockCheck.Compare(worker.Url, probe.Date, DateTimeOffset.UtcNow) is { Severity: not Severity.Ok } clock)
            findings.Add(clock);
        return findings;
    }

    private static Finding Judge(WorkerRow worker, EngineProbe probe) => worker switch
    {
        { Status: "ready", Breaker: not "closed" } => new Finding(
            Name, Severity.Warning, $"{worker.Url} is ready, but its circuit breaker is {worker.Breaker}", "its requests fail: see the engine's log; it gets some again by itself"),
        { Status: "ready" } => new Finding(Name, Severity.Ok, $"{worker.Url} is ready and serves {worker.ModelNames}"),
        { Status: "draining" } => new Finding(Name, Severity.Warning, $"{worker.Url} drains: {worker.Reason}"),
        _ => new Finding(
            Name, worker.Status == "pending" ? Severity.Warning : Severity.Failed, $"{worker.Url} is {worker.Status}: {worker.Reason}", Advice(worker, probe)),
    };

    private static string Advice(WorkerRow worker, EngineProbe probe) => worker.Reason switch
    {
        _ when worker.Reason.Contains("which model it serves", StringComparison.Ordinal) => $"gateway workers remove {worker.ShortId}, then gateway workers add {worker.Url} --model ID",
        _ when worker.Reason.Contains("speaks no protocol", StringComparison.Ordinal) => "something else listens there: is the port right?",
        _ when worker.Reason.Contains("TLS", StringComparison.Ordinal) => "the engine's certificate: see client-ca-cert-path and tls_server_name",
        _ when worker.Reason.Contains("resolve", StringComparison.Ordinal) => "its name is in no DNS that the gateway asks",
        _ => probe switch
        {
            { Failure: { } failure } => $"from here: {failure}. Is the engine running, and the port right?",
            { Status: >= 400 and var status } => $"from here it answers /health with {status}: the engine's log tells why",
            _ => "it answers from here: look at the network between the gateway and it, and at the engine's load",
        },
    };
}
