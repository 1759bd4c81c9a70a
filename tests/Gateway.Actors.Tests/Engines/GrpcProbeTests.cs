using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Administration;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Actors.Workers;
using Gateway.Wire.Common;
using Gateway.Wire.SgLang;
using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Actors.Tests.Engines;

/// <summary>What a gRPC engine is, how it is, how busy it is and what operators can ask of it.</summary>
public sealed class GrpcProbeTests
{
    [Fact]
    public async Task SGLang_tells_what_it_is_and_serves()
    {
        await using var server = await GrpcServer.StartAsync(new FakeSgLang());
        var facts = (await ProbeAsync(server)).Facts;
        Assert.Equal((ConnectionMode.Grpc, EngineRuntime.SgLang, "0.5.6", 2, 100), (facts.Mode, facts.Runtime, facts.EngineVersion, facts.DataParallelSize, facts.MaxRunningRequests));
        Assert.Equal([new ModelCard("m", MaxModelLength: 4096)], facts.Models);
        var model = facts.Model!;
        Assert.Equal(("/models/llama", "/models/llama", "llama", 32000, true), (model.ModelPath, model.TokenizerPath, model.ModelType, model.VocabularySize, model.IsGeneration));
        Assert.Equal([2, 3], model.EndOfTextTokens);
        Assert.Equal(["LlamaForCausalLM"], model.Architectures);
        Assert.Contains("0.6", model.DefaultSamplingJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_schedulers_run_at_once_counts_before_what_was_asked_for()
    {
        var engine = new FakeSgLang { Loads = { Loads = { new SchedulerLoad { MaxRunningRequests = 30 }, new SchedulerLoad { DpRank = 1, MaxRunningRequests = 31 } } } };
        await using var server = await GrpcServer.StartAsync(engine);
        Assert.Equal(61, (await ProbeAsync(server)).Facts.MaxRunningRequests);
    }

    [Fact]
    public async Task VLLM_is_known_by_its_path_if_it_has_no_other_name()
    {
        await using var server = await GrpcServer.StartAsync(new FakeVllm { Loads = { Loads = { new Gateway.Wire.Vllm.SchedulerLoad { MaxRunningRequests = 256 } } } });
        var facts = (await ProbeAsync(server)).Facts;
        Assert.Equal((EngineRuntime.Vllm, 1, 256), (facts.Runtime, facts.DataParallelSize, facts.MaxRunningRequests));
        Assert.Equal([new ModelCard("/models/qwen", MaxModelLength: 8192)], facts.Models);
        Assert.Equal(("NixlConnector", "kv_both", "e1"), (facts.Model!.KvConnector, facts.Model.KvRole, facts.Model.KvEngineId));
    }

    [Fact]
    public async Task TensorRT_LLM_tells_what_it_is_and_serves()
    {
        await using var server = await GrpcServer.StartAsync(new FakeTensorRtLlm());
        var facts = (await ProbeAsync(server)).Facts;
        Assert.Equal((EngineRuntime.TensorRtLlm, "1.2", 64), (facts.Runtime, facts.EngineVersion, facts.MaxRunningRequests));
        Assert.Equal([new ModelCard("t", MaxModelLength: 2048)], facts.Models);
    }

    [Fact]
    public async Task Two_probes_of_the_same_engine_tell_the_same()
    {
        await using var server = await GrpcServer.StartAsync(new FakeSgLang());
        Assert.Equal((await ProbeAsync(server)).Facts, (await ProbeAsync(server)).Facts);
    }

    [Fact]
    public async Task Without_the_standard_health_service_the_engines_own_counts()
    {
        var sgLang = new FakeSgLang { IsWell = false };
        await using (var server = await GrpcServer.StartAsync(sgLang, health: null))
        {
            var result = await ProbeAsync(server);
            Assert.Equal(ProbeOutcome.Unhealthy, result.Outcome);
            Assert.Contains("loading", result.Reason, StringComparison.Ordinal);
            sgLang.IsWell = true;
            Assert.Equal(ProbeOutcome.Healthy, (await ProbeAsync(server)).Outcome);
        }

        var tensorRt = new FakeTensorRtLlm { Health = "initializing" };
        await using (var server = await GrpcServer.StartAsync(tensorRt, health: null))
        {
            Assert.Equal(ProbeOutcome.Unhealthy, (await ProbeAsync(server)).Outcome);
            tensorRt.Health = "OK";
            Assert.Equal(ProbeOutcome.Healthy, (await ProbeAsync(server)).Outcome);
        }
    }

    [Fact]
    public async Task A_healthy_server_that_speaks_no_known_protocol_is_no_engine()
    {
        await using var server = await GrpcServer.StartAsync<FakeSgLang>(null);
        var result = await ProbeAsync(server);
        Assert.Equal(ProbeOutcome.Unhealthy, result.Outcome);
        Assert.Contains("no protocol", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_engine_at_the_address_of_a_known_one_is_not_taken_for_it()
    {
        int port;
        GrpcEngineClient client;
        await using (var first = await GrpcServer.StartAsync(new FakeSgLang()))
        {
            port = first.Port;
            client = await GrpcServer.ConnectAsync(first);
        }

        await using var second = await GrpcServer.StartAsync(new FakeVllm(), port: port);
        Assert.Equal(ProbeOutcome.Unreachable, (await client.ProbeAsync(GrpcServer.Plan, CancellationToken.None)).Outcome);
        Assert.Equal(EngineRuntime.SgLang, client.Runtime);
        client.Dispose();
    }

    [Fact]
    public async Task The_health_service_decides_before_the_engine_is_asked_anything()
    {
        await using var server = await GrpcServer.StartAsync(new FakeSgLang(), HealthStatus.Unhealthy);
        Assert.Equal(ProbeOutcome.Unhealthy, (await ProbeAsync(server)).Outcome);
    }

    [Fact]
    public async Task Its_load_is_read_rank_by_rank()
    {
        var engine = new FakeSgLang
        {
            Loads =
            {
                Loads =
                {
                    new SchedulerLoad { NumRunningReqs = 2, NumWaitingReqs = 1, NumUsedTokens = 100, MaxTotalNumTokens = 1000, TokenUsage = 0.1, GenThroughput = 50, NumWaitingUncachedTokens = 7 },
                    new SchedulerLoad { DpRank = 1, NumRunningReqs = 3, NumUsedTokens = 300, MaxTotalNumTokens = 1000, TokenUsage = 0.3 },
                },
            },
        };
        await using var server = await GrpcServer.StartAsync(engine);
        using var client = await GrpcServer.ConnectAsync(server);
        var report = await client.ReadLoadAsync(new LoadPlan(EngineRuntime.SgLang, TimeSpan.FromSeconds(5), null), CancellationToken.None);
        Assert.Equal((400L, null), (report.UsedTokens, report.Failure));
        var load = EngineLoad.From(report, 0, 0)!;
        Assert.Equal((5, 1, 2000L, 7L), (load.Running, load.Waiting, load.CapacityTokens, load.QueuedTokens));
        Assert.Equal(3, EngineLoad.From(report.About(WorkerUrl.Parse("grpc://a:1@1")), 0, 0)!.Running);
    }

    [Fact]
    public async Task An_engine_that_does_not_tell_its_load_is_not_asked_twice_over()
    {
        await using var server = await GrpcServer.StartAsync(new FakeTensorRtLlm());
        using var client = await GrpcServer.ConnectAsync(server);
        var report = await client.ReadLoadAsync(new LoadPlan(EngineRuntime.TensorRtLlm, TimeSpan.FromSeconds(5), null), CancellationToken.None);
        Assert.Empty(report.Ranks);
        Assert.NotNull(report.Failure);
    }

    [Fact]
    public async Task Operators_get_what_the_engine_has_and_are_told_what_it_has_not()
    {
        var deadline = DateTime.UtcNow.AddMinutes(1);
        var engine = new FakeSgLang();
        await using (var server = await GrpcServer.StartAsync(engine))
        {
            using var client = await GrpcServer.ConnectAsync(server);
            Assert.Equal((EngineAnswerKind.Done, "flushed"), Short(await client.FlushCacheAsync(TimeSpan.FromSeconds(1), deadline, CancellationToken.None)));
            engine.OnFlush = static () => new FlushCacheResponse { Success = false, Message = "busy" };
            Assert.Equal(EngineAnswerKind.Refused, (await client.FlushCacheAsync(TimeSpan.Zero, deadline, CancellationToken.None)).Kind);
            engine.OnFlush = static () => throw new RpcException(new Status(StatusCode.Internal, "broken"));
            Assert.Equal((EngineAnswerKind.Failed, "broken"), Short(await client.FlushCacheAsync(TimeSpan.Zero, deadline, CancellationToken.None)));
            Assert.Equal([new LoraAdapter("a", "/a", "1", true)], (await client.ListAdaptersAsync(deadline, CancellationToken.None)).Adapters);
            // This server has no such method.
            Assert.Equal(EngineAnswerKind.Unsupported, (await client.StartProfileAsync(new ProfileSettings(), deadline, CancellationToken.None)).Kind);
        }

        await using (var server = await GrpcServer.StartAsync(new FakeVllm()))
        {
            using var client = await GrpcServer.ConnectAsync(server);
            Assert.Equal(EngineAnswerKind.Unsupported, (await client.FlushCacheAsync(TimeSpan.Zero, deadline, CancellationToken.None)).Kind);
        }
    }

    private static (EngineAnswerKind, string) Short(EngineAnswer answer) => (answer.Kind, answer.Message);

    private static async Task<ProbeResult> ProbeAsync(StubServer server)
    {
        using var client = new GrpcEngineClient(GrpcServer.AddressOf(server), TimeSpan.FromSeconds(5));
        return await client.ProbeAsync(GrpcServer.Plan, CancellationToken.None);
    }
}
