using System.Net;
using Gateway.Actors.Engines;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.Tls;

public sealed class WorkerTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    [Theory]
    [InlineData(SimulatorProtocol.Http, "https")]
    [InlineData(SimulatorProtocol.Grpc, "grpcs")]
    public async Task Probes_and_requests_go_over_tls_with_the_gateways_certificate_to_workers_of_a_private_ca(SimulatorProtocol protocol, string scheme)
    {
        var fleet = await SimulatedFleet.StartAsync(1, new SimulatorOptions { Protocol = protocol });
        await using var front = new TlsFront(_authority, fleet.Workers[0].GrpcUrl ?? fleet.Workers[0].Url);
        var (certificate, key) = _authority.IssueFiles("gateway", forServer: false);
        // A model over gRPC is served once its tokenizer is known.
        var tokenizer = _authority.Write("tokenizer.json", ByteTokenizer.Json());
        await using var gateway = await LiveGateway.StartAsync(fleet, options => options with
        {
            Text = options.Text with { TokenizerPath = tokenizer },
            Fleet = options.Fleet with
            {
                Workers = [new WorkerSpec { Url = WorkerUrl.Parse($"{scheme}://127.0.0.1:{front.Port}") }],
                Tls = new WorkerTlsOptions { CaPath = _authority.Path, CertificatePath = certificate, KeyPath = key },
            },
        });

        using var response = await gateway.Client.PostAsync(
            "/generate", new StringContent("""{"input_ids":[1,2,3],"sampling_params":{"max_new_tokens":2,"skip_special_tokens":false}}"""));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("https")]
    [InlineData("grpcs")]
    public async Task A_worker_of_another_ca_or_one_that_is_shown_no_certificate_is_not_connected(string scheme)
    {
        await using var fleet = await SimulatedFleet.StartAsync(1, new SimulatorOptions { Protocol = scheme == "https" ? SimulatorProtocol.Http : SimulatorProtocol.Grpc });
        await using var front = new TlsFront(_authority, fleet.Workers[0].GrpcUrl ?? fleet.Workers[0].Url);
        using var others = new TestAuthority();
        var (certificate, key) = _authority.IssueFiles("gateway", forServer: false);
        var (strangeCertificate, strangeKey) = others.IssueFiles("gateway", forServer: false);

        Assert.Equal(ProbeOutcome.Healthy, await ProbeAsync(_authority.Path, certificate, key));
        Assert.Equal(ProbeOutcome.Unreachable, await ProbeAsync(others.Path, certificate, key));
        Assert.Equal(ProbeOutcome.Unreachable, await ProbeAsync(null, certificate, key));
        Assert.Equal(ProbeOutcome.Unreachable, await ProbeAsync(_authority.Path, null, null));
        Assert.Equal(ProbeOutcome.Unreachable, await ProbeAsync(_authority.Path, strangeCertificate, strangeKey));

        async Task<ProbeOutcome> ProbeAsync(string? ca, string? own, string? ownKey)
        {
            var tls = EngineTls.Parse(Read(ca), Read(own), Read(ownKey));
            var connector = new EngineConnector(new EngineDialing(TimeSpan.FromSeconds(10)) { Tls = tls }, maxConcurrentProbes: 1);
            var (client, result) = await connector.ConnectAsync(
                WorkerUrl.Parse($"{scheme}://127.0.0.1:{front.Port}"),
                new ProbePlan("/health", TimeSpan.FromSeconds(10), ApiKey: null, Discover: true),
                CancellationToken.None);
            client?.Dispose();
            return result.Outcome;
        }

        static string? Read(string? path) => path is null ? null : File.ReadAllText(path);
    }

    public void Dispose() => _authority.Dispose();
}
