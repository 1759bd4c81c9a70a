using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Registry;

public sealed class WorkerPairsTests
{
    private int _ports;

    [Fact]
    public void Halves_over_gRPC_of_one_engine_are_pairs_if_the_host_serves_tokens()
    {
        Worker[] ready = [Prefill(ConnectionMode.Grpc, EngineRuntime.SgLang), Decode(ConnectionMode.Grpc, EngineRuntime.SgLang)];

        var served = Snapshot(ready);
        Assert.Equal((1, true, true), (served.Pairs.Kinds, served.Pairs.TakeTokens, served.ServesTokenIn));
        Assert.Equal([ready[0]], served.Pairs.Prefill.ToArray());
        Assert.Equal([ready[1]], served.Pairs.DecodeFor(ready[0]).ToArray());
        Assert.True(served.PairsOverHttp.IsEmpty);
        Assert.False(served.HasHttpWorkers);
        var notServed = Snapshot(ready, servesTokenIn: false);
        Assert.Equal((true, false, 0), (notServed.Pairs.IsEmpty, notServed.ServesTokenIn, notServed.WorkersFor(WorkerRole.Prefill).Length));
    }

    [Theory]
    [InlineData(ConnectionMode.Http, EngineRuntime.SgLang, ConnectionMode.Grpc, EngineRuntime.SgLang)]
    [InlineData(ConnectionMode.Grpc, EngineRuntime.SgLang, ConnectionMode.Http, EngineRuntime.SgLang)]
    [InlineData(ConnectionMode.Grpc, EngineRuntime.SgLang, ConnectionMode.Grpc, EngineRuntime.Vllm)]
    [InlineData(ConnectionMode.Http, EngineRuntime.SgLang, ConnectionMode.Http, EngineRuntime.Vllm)]
    [InlineData(ConnectionMode.Grpc, EngineRuntime.TensorRtLlm, ConnectionMode.Grpc, EngineRuntime.TensorRtLlm)]
    public void Halves_that_cannot_pass_a_cache_on_are_no_pair(
        ConnectionMode prefillMode, EngineRuntime prefill, ConnectionMode decodeMode, EngineRuntime decode)
    {
        var model = Snapshot([Prefill(prefillMode, prefill), Decode(decodeMode, decode)]);

        Assert.True(model.Pairs.IsEmpty);
        Assert.True(model.Pairs.Prefill.IsEmpty);
        Assert.False(model.ServesTokenIn);
    }

    [Fact]
    public void Over_HTTP_an_engine_that_does_not_say_what_it_is_is_taken_for_SGLang()
    {
        var model = Snapshot([Prefill(ConnectionMode.Http, EngineRuntime.Unspecified), Decode(ConnectionMode.Http, EngineRuntime.SgLang)]);

        Assert.Equal((1, 1), (model.Pairs.Kinds, model.PairsOverHttp.Kinds));
    }

    [Fact]
    public void Each_prefill_worker_has_the_decode_workers_of_its_kind()
    {
        Worker[] ready =
        [
            Decode(ConnectionMode.Grpc, EngineRuntime.Vllm),
            Prefill(ConnectionMode.Http, EngineRuntime.SgLang),
            Prefill(ConnectionMode.Grpc, EngineRuntime.Vllm),
            Decode(ConnectionMode.Http, EngineRuntime.SgLang),
            Prefill(ConnectionMode.Grpc, EngineRuntime.SgLang),
            Decode(ConnectionMode.Grpc, EngineRuntime.Vllm),
        ];

        var model = Snapshot(ready);

        Assert.Equal(2, model.Pairs.Kinds);
        Assert.Equal([ready[1], ready[2]], model.Pairs.Prefill.ToArray());
        Assert.Equal([ready[0], ready[3], ready[5]], model.Pairs.Decode.ToArray());
        Assert.Equal([ready[3]], model.Pairs.DecodeFor(ready[1]).ToArray());
        Assert.Equal([ready[0], ready[5]], model.Pairs.DecodeFor(ready[2]).ToArray());
        Assert.True(model.Pairs.DecodeFor(ready[4]).IsEmpty);
        Assert.Equal([ready[1]], model.PairsOverHttp.Prefill.ToArray());
        // A policy knows it, should its other half come.
        Assert.Equal(3, model.WorkersFor(WorkerRole.Prefill).Length);
    }

    private static ModelSnapshot Snapshot(Worker[] ready, bool servesTokenIn = true) =>
        new(new ModelCard("m"), 1, ModelPolicies.Of(new RoundRobinPolicy()), ready, servesTokenIn);

    private Worker Prefill(ConnectionMode mode, EngineRuntime runtime) => Make(WorkerRole.Prefill, mode, runtime);

    private Worker Decode(ConnectionMode mode, EngineRuntime runtime) => Make(WorkerRole.Decode, mode, runtime);

    private Worker Make(WorkerRole role, ConnectionMode mode, EngineRuntime runtime) => new(
        new WorkerId(Guid.NewGuid()),
        ++_ports,
        1,
        Support.Make.Spec($"{(mode == ConnectionMode.Grpc ? "grpc" : "http")}://w:{_ports}") with { Role = role },
        Support.Make.Facts("m") with { Mode = mode, Runtime = runtime },
        BreakerSettings.Default,
        new ManualTime());
}
