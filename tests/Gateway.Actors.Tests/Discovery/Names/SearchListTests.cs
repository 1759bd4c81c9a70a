using Gateway.Actors.Discovery.Names;

namespace Gateway.Actors.Tests.Discovery.Names;

public sealed class SearchListTests
{
    /// <summary>As Kubernetes writes it.</summary>
    private const string InPod = "nameserver 10.96.0.10\nsearch default.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n";

    [Theory]
    [InlineData("vllm.default.svc", "vllm.default.svc.default.svc.cluster.local. vllm.default.svc.svc.cluster.local. vllm.default.svc.cluster.local. vllm.default.svc.")]
    [InlineData("_http._tcp.vllm.default.svc", "_http._tcp.vllm.default.svc.default.svc.cluster.local. _http._tcp.vllm.default.svc.svc.cluster.local. _http._tcp.vllm.default.svc.cluster.local. _http._tcp.vllm.default.svc.")]
    [InlineData("vllm.default.svc.cluster.local.", "vllm.default.svc.cluster.local.")]
    public void In_a_pod_the_domains_come_before_a_name_with_few_dots(string name, string candidates) =>
        Assert.Equal(candidates.Split(' '), SearchList.Parse(InPod).Candidates(name));

    [Theory]
    [InlineData("search example.org", "a.b", "a.b. a.b.example.org.")]
    [InlineData("domain example.org.", "a", "a.example.org. a.")]
    [InlineData("search one.org\nsearch two.org", "a", "a.two.org. a.")]
    [InlineData("# search no.org\n\toptions timeout:1 ndots:2\nsearch x.org", "a.b", "a.b.x.org. a.b.")]
    [InlineData("options ndots:many", "a.b", "a.b.")]
    [InlineData("", "a", "a.")]
    public void The_machines_settings_are_read_as_its_own_resolver_reads_them(string text, string name, string candidates) =>
        Assert.Equal(candidates.Split(' '), SearchList.Parse(text).Candidates(name));
}
