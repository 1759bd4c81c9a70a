using Gateway.Actors.Engines;
using Gateway.Actors.Workers;

namespace Gateway.Benchmarks.Fleet;

/// <summary>Engines without a network: each connects at once and is healthy, so that a bench sees the control path alone.</summary>
internal sealed class InstantEngines : IEngineConnector
{
    private static readonly ProbeResult Healthy = ProbeResult.Healthy(new WorkerFacts
    {
        Mode = ConnectionMode.Http,
        Runtime = EngineRuntime.SgLang,
    });

    public Task<EngineConnection> ConnectAsync(WorkerUrl url, ProbePlan plan, CancellationToken cancellation) =>
        Task.FromResult(new EngineConnection(new InstantClient(), Healthy));

    public Task<ProbeResult> ProbeAsync(EngineClient client, ProbePlan plan, CancellationToken cancellation) =>
        Task.FromResult(Healthy);

    public Task<EngineLoadReport> ReadLoadAsync(EngineClient client, LoadPlan plan, CancellationToken cancellation) =>
        throw new NotSupportedException("no policy of the bench asks for loads");

    private sealed class InstantClient : EngineClient
    {
        public override ConnectionMode Mode => ConnectionMode.Http;

        public override Task<ProbeResult> ProbeAsync(ProbePlan plan, CancellationToken cancellation) => Task.FromResult(Healthy);

        protected override void Dispose(bool disposing)
        {
        }
    }
}
