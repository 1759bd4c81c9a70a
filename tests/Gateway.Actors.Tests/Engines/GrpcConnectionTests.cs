using Akka.Actor;
using Akka.TestKit.Xunit2;
using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Actors.Workers;
using Gateway.Wire.Common;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Tests.Engines;

/// <summary>The gRPC side with real servers: the standard health service, protocol detection, and kill and revive.</summary>
public sealed class GrpcConnectionTests : TestKit
{
    private static readonly ProbePlan Plan = new("/health", TimeSpan.FromSeconds(10), ApiKey: null, Discover: true);

    private readonly EngineConnector _connector = new(new EngineDialing(TimeSpan.FromSeconds(5)), maxConcurrentProbes: 8);
    private readonly RegistryView _view;
    private readonly RegistryPublisher _publisher;

    public GrpcConnectionTests()
        : base("akka.loglevel = OFF") => _view = RegistryView.Create(out _publisher);

    [Fact]
    public async Task A_serving_engine_is_healthy()
    {
        await using var server = await StartGrpcAsync();
        var (client, result) = await _connector.ConnectAsync(WorkerUrl.Parse($"grpc://127.0.0.1:{server.Port}"), Plan, CancellationToken.None);
        Assert.Equal((ProbeOutcome.Healthy, ConnectionMode.Grpc), (result.Outcome, client!.Mode));
        client.Dispose();
    }

    [Fact]
    public async Task An_engine_that_does_not_serve_yet_is_unhealthy()
    {
        await using var server = await StartGrpcAsync(HealthStatus.Unhealthy);
        var (client, result) = await _connector.ConnectAsync(WorkerUrl.Parse($"grpc://127.0.0.1:{server.Port}"), Plan, CancellationToken.None);
        Assert.Null(client);
        Assert.Equal(ProbeOutcome.Unhealthy, result.Outcome);
    }

    [Fact]
    public async Task Nobody_listening_is_unreachable()
    {
        int port;
        await using (var server = await StartGrpcAsync())
            port = server.Port;
        var (client, result) = await _connector.ConnectAsync(WorkerUrl.Parse($"grpc://127.0.0.1:{port}"), Plan, CancellationToken.None);
        Assert.Null(client);
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
    }

    [Fact]
    public async Task An_address_without_a_scheme_is_detected_as_grpc()
    {
        await using var server = await StartGrpcAsync();
        var (client, _) = await _connector.ConnectAsync(WorkerUrl.Parse($"127.0.0.1:{server.Port}"), Plan, CancellationToken.None);
        Assert.Equal(ConnectionMode.Grpc, client!.Mode);
        client.Dispose();
    }

    [Fact]
    public async Task An_address_without_a_scheme_is_detected_as_http()
    {
        await using var server = await StubServer.StartAsync(static app => app.MapGet("/health", () => Results.Ok()));
        var (client, _) = await _connector.ConnectAsync(WorkerUrl.Parse($"127.0.0.1:{server.Port}"), Plan, CancellationToken.None);
        Assert.Equal(ConnectionMode.Http, client!.Mode);
        client.Dispose();
    }

    [Fact]
    public async Task A_killed_engine_comes_back_as_a_new_incarnation_with_a_new_client()
    {
        var registry = StartRegistry();
        var server = await StartGrpcAsync();
        var port = server.Port;
        var id = Register(registry, $"grpc://127.0.0.1:{port}");
        AwaitAssert(() => Assert.Equal(WorkerState.Ready, Entry(id).State), Eventually.Limit);
        var old = Entry(id).Worker;
        Assert.Equal(EngineRuntime.SgLang, old.Facts.Runtime);

        await server.DisposeAsync();
        AwaitAssert(() => Assert.NotEqual(WorkerState.Ready, Entry(id).State), Eventually.Limit);
        var engine = new FakeSgLang();
        await using var revived = await StartGrpcAsync(port: port, engine: engine);
        AwaitAssert(() => Assert.Equal(WorkerState.Ready, Entry(id).State), Eventually.Limit);

        var young = Entry(id).Worker;
        Assert.True(young.Epoch > old.Epoch);
        Assert.NotSame(old.Client, young.Client);
        Assert.True(old.IsClosed);
        Assert.Same(young, Assert.Single(_view.Current.FindModel("m"u8)!.Ready.ToArray()));

        // Nothing reaches the engine through the old client any more.
        var request = new GenerationRequest { RequestId = EngineRequestId.New(), PromptTokens = new[] { 1 } };
        await Eventually.HoldsAsync(() => Assert.Throws<EngineException>(() => { ((GrpcEngineClient)old.Client!).Generate(request, null, CancellationToken.None); }));
        var before = engine.Requests.Count;
        Assert.Throws<EngineException>(() => { ((GrpcEngineClient)old.Client!).Generate(request, null, CancellationToken.None); });
        Assert.Equal(before, engine.Requests.Count);
        await using var generation = ((GrpcEngineClient)young.Client!).Generate(request, null, CancellationToken.None);
        Assert.True(await generation.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_worker_whose_engine_does_not_say_what_it_serves_stays_pending()
    {
        var engine = new FakeSgLang();
        (engine.Model.ServedModelName, engine.Model.ModelPath) = ("", "");
        await using var server = await StartGrpcAsync(engine: engine);
        var id = Register(StartRegistry(), $"grpc://127.0.0.1:{server.Port}");
        AwaitAssert(() => Assert.Contains("which model", Entry(id).Reason, StringComparison.Ordinal), Eventually.Limit);
        Assert.Equal(WorkerState.Pending, Entry(id).State);
        engine.Model.ServedModelName = "m";
        AwaitAssert(() => Assert.Equal(WorkerState.Ready, Entry(id).State), Eventually.Limit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Requests_are_routed_to_workers_that_take_tokens_only_if_the_host_can_serve_them(bool servesTokenIn)
    {
        await using var server = await StartGrpcAsync();
        var id = Register(StartRegistry(servesTokenIn), $"grpc://127.0.0.1:{server.Port}");
        AwaitAssert(() => Assert.Equal(WorkerState.Ready, Entry(id).State), Eventually.Limit);
        Assert.Equal(servesTokenIn ? 1 : 0, _view.Current.FindModel("m"u8)!.WorkersFor(WorkerRole.Regular).Length);
    }

    [Fact]
    public async Task What_an_engine_has_cached_decides_where_a_prompt_goes()
    {
        uint[] prompt = [.. Enumerable.Range(1, 64).Select(static token => (uint)token)];
        var holder = new FakeSgLang { OnSubscribe = (events, context) => StoreAsync(prompt, events, context) };
        var other = new FakeSgLang { OnSubscribe = static (events, context) => StoreAsync([900, 901, 902, 903], events, context) };
        await using var first = await StartGrpcAsync(engine: other);
        await using var second = await StartGrpcAsync(engine: holder);
        var registry = StartRegistry(servesTokenIn: true, policy: "cache_aware");
        var ids = new[] { first, second }.Select(server => Register(registry, $"grpc://127.0.0.1:{server.Port}")).ToArray();
        AwaitAssert(() => Assert.All(ids, id => Assert.Equal(WorkerState.Ready, Entry(id).State)), Eventually.Limit);

        byte[] asRouted = [.. prompt.SelectMany(static token => BitConverter.GetBytes((int)token))];
        AwaitAssert(
            () =>
            {
                var explanation = Route(asRouted);
                Assert.Equal(256, explanation.Candidates.Single(candidate => candidate.Worker.Id == ids[1]).MatchedBytes);
                Assert.Equal(0, explanation.Candidates.Single(candidate => candidate.Worker.Id == ids[0]).MatchedBytes);
            },
            Eventually.Limit);
    }

    private static async Task StoreAsync(uint[] tokens, IServerStreamWriter<KvEventBatch> events, ServerCallContext context)
    {
        var stored = new KvBlocksStored();
        foreach (var block in tokens.Chunk(4))
            stored.Blocks.Add(new KvBlock { BlockHash = stored.Blocks.Count + 1, TokenIds = { block }, BlockSize = 4 });
        await events.WriteAsync(new KvEventBatch { SequenceNumber = 1, Events = { new KvCacheEvent { Stored = stored } } });
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }

    private RouteExplanation Route(byte[] prompt)
    {
        var model = _view.Current.FindModel("m"u8)!;
        var tried = default(TriedWorkers);
        var explanation = new RouteExplanation();
        Assert.NotNull(model.Policy.Pick(model.Regular, new RouteRequest(prompt, RouteHints.None, in tried) { Explanation = explanation }));
        return explanation;
    }

    private IActorRef StartRegistry(bool servesTokenIn = false, string policy = PolicyCatalog.Default)
    {
        var settings = new RegistrySettings
        {
            ServesTokenIn = servesTokenIn,
            Policy = policy,
            Health = new HealthSettings
            {
                Interval = TimeSpan.FromMilliseconds(50),
                RetryBackoff = TimeSpan.FromMilliseconds(20),
                MaxRetryBackoff = TimeSpan.FromMilliseconds(200),
            },
        };
        return Sys.ActorOf(RegistryActor.Props(_publisher, settings, _connector, TimeProvider.System), "registry");
    }

    private WorkerId Register(IActorRef registry, string url)
    {
        registry.Tell(new Register(Make.Spec(url), WorkerOrigin.Api), TestActor);
        return ExpectMsg<Accepted>().Id;
    }

    private WorkerEntry Entry(WorkerId id) => _view.Current.Workers[id];

    private static Task<StubServer> StartGrpcAsync(HealthStatus status = HealthStatus.Healthy, int port = 0, FakeSgLang? engine = null) =>
        GrpcServer.StartAsync(engine ?? new FakeSgLang(), status, port);
}
