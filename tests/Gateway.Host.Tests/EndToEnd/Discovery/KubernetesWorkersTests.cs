using Gateway.Actors.Tests.Discovery.Pods;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd.Discovery;

/// <summary>The whole gateway over engines in pods of an API server that is played, which a kubeconfig file names.</summary>
public sealed class KubernetesWorkersTests
{
    [Fact]
    public async Task Engines_come_and_go_with_their_pods()
    {
        await using var server = await ApiServerStandIn.StartAsync();
        using var kubeconfig = new TemporaryFile($$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: played
              cluster: {server: "http://127.0.0.1:{{server.Port}}"}
            users:
            - name: gateway
              user: {token: any}
            contexts:
            - name: played
              context: {cluster: played, user: gateway}
            current-context: played
            """);
        var engines = await SimulatedFleet.StartAsync(2, new SimulatorOptions { Timings = EngineTimings.Fast });
        foreach (var engine in engines.Workers)
            server.Put(PodOf(engine));
        await using var gateway = await LiveGateway.StartAsync(engines, options => options with
        {
            Fleet = new FleetOptions(),
            Pods = new PodOptions { IsEnabled = true, Selector = ["app=llama"], Namespace = "default", Kubeconfig = kubeconfig.Path },
        });
        Assert.All(gateway.View.Current.Workers.Values, static entry => Assert.Equal(WorkerOrigin.Kubernetes, entry.Origin));

        server.Put(PodOf(engines.Workers[1]) with { IsTerminating = true });
        await Eventually.HoldsAsync(() => gateway.View.Current.Workers.Count == 1, "the pod that leaves is drained");
        Assert.Equal(engines.Workers[0].Port, gateway.View.Current.Workers.Values.Single().Worker.Spec.Url.Address.Port);

        server.Put(PodOf(engines.Workers[1]));
        await Eventually.HoldsAsync(() => gateway.Ready == 2, "it is back");
    }

    /// <summary>All pods have this machine's address, and are told apart by the port.</summary>
    private static PodRecord PodOf(SimulatedWorker engine) => new(engine.Name, "127.0.0.1")
    {
        Annotations = new Dictionary<string, string> { ["smg.ai/worker-ports"] = $"{engine.Port}" },
    };
}
