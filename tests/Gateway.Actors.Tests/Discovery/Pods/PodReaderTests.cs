using Gateway.Actors.Discovery.Pods;
using Gateway.Actors.Workers;
using k8s;
using k8s.Models;

namespace Gateway.Actors.Tests.Discovery.Pods;

public sealed class PodReaderTests
{
    private static readonly PodDiscoverySettings Settings =
        new(WorkerRole.Regular, "app=llama", TimeSpan.FromSeconds(30), static () => throw new NotSupportedException("nobody is asked"));

    [Theory]
    [InlineData("10.0.0.1", null, "10.0.0.1:80")]
    [InlineData("10.0.0.1", "8000", "10.0.0.1:8000")]
    [InlineData("10.0.0.1", "8000, 8001", "10.0.0.1:8000 10.0.0.1:8001")]
    [InlineData("fd00::1", "8000", "[fd00::1]:8000")]
    public void Each_port_of_a_pod_is_a_worker(string ip, string? ports, string workers) => Assert.Equal(
        workers, string.Join(' ', Read(ip, PodReader.PortsAnnotation, ports).Workers.Select(static worker => worker.Url.Text)));

    [Theory]
    [InlineData("http")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("8000,")]
    public void A_pod_with_a_port_that_is_none_is_left_out_and_says_why(string ports)
    {
        var pod = Read("10.0.0.1", PodReader.PortsAnnotation, ports);

        Assert.True(pod.Workers.IsEmpty);
        Assert.StartsWith("pod default/pod-a is left out: its annotation smg.ai/worker-ports has", pod.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WorkerRole.Prefill, 8998)]
    [InlineData(WorkerRole.Decode, null)]
    [InlineData(WorkerRole.Regular, null)]
    public void Only_prefill_engines_have_a_bootstrap_port(WorkerRole role, int? expected) => Assert.Equal(
        expected, Read("10.0.0.1", PodReader.BootstrapAnnotation, "8998", Settings with { Role = role }).Workers[0].BootstrapPort);

    [Theory]
    [InlineData("namespace", "default")]
    [InlineData("label:model", "from-label")]
    [InlineData("annotation:org/model", "meta/llama")]
    [InlineData("label:none", null)]
    [InlineData("annotation:none", null)]
    public void The_model_stands_where_the_operator_says_or_the_pod_is_left_out(string source, string? expected)
    {
        var pod = Read("10.0.0.1", "org/model", "meta/llama", Settings with { ModelId = ModelIdSource.Parse(source) });

        Assert.Equal(expected, pod.Workers.IsEmpty ? null : pod.Workers[0].Models[0].Id);
        Assert.Equal(expected is null, pod.Problem is not null);
    }

    [Fact]
    public void An_event_that_is_older_than_what_is_known_changes_nothing()
    {
        var pods = PodSet.Listed([], 10).Changed(Pod("a", 12)).Deleted(Pod("b", 15));

        Assert.Same(pods, pods.Changed(Pod("a", 11)));
        Assert.Same(pods, pods.Deleted(Pod("a", 11)));
        Assert.Same(pods, pods.Changed(Pod("b", 14)));
        Assert.Same(pods, pods.Changed(Pod("c", 9)));
        Assert.Equal(["a", "b"], pods.Changed(Pod("b", 16)).Pods.Keys.Order(StringComparer.Ordinal));
    }

    private static PodSighting Pod(string uid, ulong version) => new(uid, version, default, PodState.NotReady, []);

    private static PodSighting Read(string ip, string annotation, string? value, PodDiscoverySettings? settings = null)
    {
        var pod = new PodRecord("a", ip);
        if (value is not null)
            pod = pod with { Annotations = new Dictionary<string, string> { [annotation] = value } };
        return PodReader.Read(KubernetesJson.Deserialize<V1Pod>(pod.ToJson(1).ToJsonString()), settings ?? Settings);
    }
}
