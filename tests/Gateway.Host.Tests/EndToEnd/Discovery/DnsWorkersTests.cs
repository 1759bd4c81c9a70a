using System.Net;
using Gateway.Actors.Discovery.Names;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd.Discovery;

/// <summary>The whole gateway over engines that a DNS server names. Answers are worth nothing beyond their moment, so it is asked every 2 s.</summary>
public sealed class DnsWorkersTests : IAsyncLifetime
{
    private const string Service = "_http._tcp.vllm.test";

    private readonly DnsServerStandIn _dns = DnsServerStandIn.Start();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _dns.DisposeAsync();

    [Fact]
    public async Task Engines_come_and_go_with_their_records_and_stay_while_DNS_fails()
    {
        var engines = await SimulatedFleet.StartAsync(2, new SimulatorOptions { Timings = EngineTimings.Fast });
        _dns.Set(Records(engines.Workers));
        await using var gateway = await LiveGateway.StartAsync(engines, Follow($"dns+srv://{Service}"));
        Assert.All(gateway.View.Current.Workers.Values, static entry => Assert.Equal(WorkerOrigin.Dns, entry.Origin));
        var leaving = gateway.EntryOf(engines.Workers[1]).Worker;
        Assert.True(WorkerLease.TryAcquire(leaving, out var request));

        _dns.FailsWith = DnsServerStandIn.ServerFailure;
        var asked = _dns.Questions.Count;
        await Eventually.HoldsAsync(() => _dns.Questions.Count > asked + 2, "it was asked again");
        Assert.Equal(2, gateway.Ready);

        _dns.Set(Records(engines.Workers.Take(1)));
        _dns.FailsWith = null;
        await Eventually.HoldsAsync(() => gateway.EntryOf(engines.Workers[1]).State == WorkerState.Draining, "the engine without a record is drained");
        Assert.Equal(1, leaving.Load);
        request.Release(AttemptOutcome.Success);
        await Eventually.HoldsAsync(() => gateway.View.Current.Workers.Count == 1, "it is gone with its last request");

        _dns.Set(Records(engines.Workers));
        await Eventually.HoldsAsync(() => gateway.Ready == 2, "both are back");
        using var answer = await gateway.Client.PostAsync(
            "/v1/completions", new StringContent("""{"model":"sim-8b","prompt":"hi","max_tokens":2}"""));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(SimulatorProtocol.Http, "https")]
    [InlineData(SimulatorProtocol.Grpc, "grpcs")]
    public async Task Over_TLS_an_engine_must_be_who_the_operator_named_and_not_its_address(SimulatorProtocol protocol, string scheme)
    {
        using var authority = new TestAuthority();
        var engines = await SimulatedFleet.StartAsync(1, new SimulatorOptions { Protocol = protocol });
        await using var front = new TlsFront(authority, engines.Workers[0].GrpcUrl ?? engines.Workers[0].Url, "engine.test");
        await using var impostor = new TlsFront(authority, engines.Workers[0].GrpcUrl ?? engines.Workers[0].Url, "other.test");
        var (certificate, key) = authority.IssueFiles("gateway", forServer: false);
        _dns.Set(
            DnsRecord.Srv("_e._tcp.engine.test", "pod-a.test", (ushort)front.Port, timeToLive: 0),
            DnsRecord.Srv("_e._tcp.engine.test", "pod-b.test", (ushort)impostor.Port, timeToLive: 0),
            DnsRecord.Address("pod-a.test", "127.0.0.1"),
            DnsRecord.Address("pod-b.test", "127.0.0.1"));
        await using var gateway = await LiveGateway.StartAsync(
            engines,
            options => Follow($"dns+srv+{scheme}://_e._tcp.engine.test")(options) with
            {
                Fleet = new FleetOptions { Tls = new WorkerTlsOptions { CaPath = authority.Path, CertificatePath = certificate, KeyPath = key } },
            });

        var ready = Assert.Single(gateway.View.Current.Workers.Values, static entry => entry.State == WorkerState.Ready);
        Assert.Equal($"{scheme}://127.0.0.1:{front.Port}", ready.Worker.Spec.Url.Text);
        await Eventually.HoldsAsync(
            () => gateway.View.Current.Workers.Values.Any(entry => entry.Worker.Spec.Url.Address.Port == impostor.Port && entry.State == WorkerState.Failed),
            "the other one is not believed");
    }

    private Func<GatewayOptions, GatewayOptions> Follow(string name) => options => options with
    {
        Fleet = new FleetOptions(),
        Dns = new DnsOptions { Workers = [WorkerName.Parse(name)], Servers = [_dns.Place] },
    };

    private static IEnumerable<DnsRecord> Records(IEnumerable<SimulatedWorker> engines) => engines.SelectMany(static engine => new[]
    {
        DnsRecord.Srv(Service, $"{engine.Name}.test", (ushort)engine.Port, timeToLive: 0),
        DnsRecord.Address($"{engine.Name}.test", "127.0.0.1", timeToLive: 0),
    });
}
