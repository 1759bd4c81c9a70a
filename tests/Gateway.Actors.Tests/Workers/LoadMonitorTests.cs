using System.Text;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Workers;

/// <summary>Engines are asked for their load, in virtual time.</summary>
public sealed class LoadMonitorTests() : FleetTestKit(settings: new RegistrySettings { IsDataParallelAware = true })
{
    private const string Url = "http://a:1";

    private FakeEngine Engine => Engines[Url];

    [Fact]
    public void Nobody_is_asked_as_long_as_no_policy_wants_to_know()
    {
        Register(Url, "m");
        Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(0, Engine.LoadReads);
    }

    [Fact]
    public void An_engine_is_asked_about_every_ten_seconds_from_the_moment_a_policy_wants_to_know_until_none_does()
    {
        Register(Url);
        Set("least_load");
        Pass(TimeSpan.FromSeconds(1000));
        Assert.InRange(Engine.LoadReads, 80, 125);
        Set("random");
        var asked = Engine.LoadReads;
        Pass(TimeSpan.FromSeconds(1000));
        Assert.Equal(asked, Engine.LoadReads);
    }

    [Fact]
    public void A_workers_report_is_seen_through_every_object_of_its_incarnation_and_by_no_other()
    {
        var id = Register(Url, "m").Id;
        Set("least_load");
        Engine.Load = SgLang("""{"loads":[{"num_running_reqs":2,"num_waiting_reqs":3,"num_waiting_uncached_tokens":700,"num_used_tokens":50,"max_total_num_tokens":200,"token_usage":0.25}]}""");
        Ask.Occupy(Entry(id).Worker, 4);
        Pass(TimeSpan.FromSeconds(13));
        var load = Entry(id).Worker.EngineLoad!;
        Assert.Equal((2, 3, 700L, 50L, 200L, 0.25, 4), (load.Running, load.Waiting, load.QueuedTokens, load.UsedTokens, load.CapacityTokens, load.KvUsage, load.InFlight));
        SendAccepted(new RegistryProtocol.Update(id, new WorkerPatch { Priority = 7 }));
        Assert.NotNull(Entry(id).Worker.EngineLoad);
        SendAccepted(new RegistryProtocol.Replace(id, Make.Spec(Url, "m", "n")));
        Assert.Null(Entry(id).Worker.EngineLoad);
    }

    [Fact]
    public void The_ranks_of_an_engine_are_asked_about_once_and_each_has_its_own_figures()
    {
        Engine.Answer = Make.HealthyWithRanks(2);
        var id = Register(Url).Id;
        Set("least_load");
        Engine.Load = SgLang("""{"loads":[{"dp_rank":1,"num_running_reqs":4},{"dp_rank":0,"num_running_reqs":2}]}""");
        Ask.Occupy(ReadyFor("m")[1], 3);
        Pass(TimeSpan.FromSeconds(3));
        Assert.Equal(1, Engine.LoadReads);
        Assert.Equal([(2, 0), (4, 3)], ReadyFor("m").Select(static rank => (rank.EngineLoad!.Running, rank.EngineLoad.InFlight)));
        Assert.Equal((6, 3), (Entry(id).Worker.EngineLoad!.Running, Entry(id).Worker.EngineLoad!.InFlight));
    }

    [Fact]
    public void An_engine_that_fails_to_answer_is_asked_again_and_its_last_report_grows_old()
    {
        var id = Register(Url, "m").Id;
        Set("least_load");
        Engine.Load = SgLang("""{"loads":[{"num_running_reqs":1}]}""");
        Pass(TimeSpan.FromSeconds(13));
        var last = Entry(id).Worker.EngineLoad;
        Assert.NotNull(last);
        Engine.Load = null;
        var asked = Engine.LoadReads;
        Pass(TimeSpan.FromSeconds(60));
        Assert.InRange(Engine.LoadReads - asked, 4, 8);
        Assert.Same(last, Entry(id).Worker.EngineLoad);
        Assert.Equal(WorkerState.Ready, Entry(id).State);
    }

    [Fact]
    public void Throughput_of_an_engine_that_only_counts_is_what_it_counted_between_two_reports()
    {
        var id = Register(Url, "m").Id;
        Set("least_load");
        Engine.Load = Vllm(generated: 1000);
        Pass(TimeSpan.FromSeconds(13));
        Assert.Equal(0, Entry(id).Worker.EngineLoad!.Throughput);
        Engine.Load = Vllm(generated: 11_000);
        var first = Entry(id).Worker.EngineLoad;
        while (ReferenceEquals(Entry(id).Worker.EngineLoad, first))
            Advance(TimeSpan.FromMilliseconds(100));
        Assert.InRange(Entry(id).Worker.EngineLoad!.Throughput, 10_000 / 12.5, 10_000 / 7.5);
    }

    [Fact]
    public void A_draining_worker_is_asked_no_more()
    {
        var id = Register(Url, "m").Id;
        Set("least_load");
        Ask.Occupy(Entry(id).Worker);
        SendAccepted(new RegistryProtocol.Drain(id));
        var asked = Engine.LoadReads;
        Pass(TimeSpan.FromSeconds(100));
        Assert.Equal(asked, Engine.LoadReads);
    }

    private static EngineLoadReport SgLang(string json) => EngineLoadReader.ReadSgLangLoads(Encoding.UTF8.GetBytes(json))!;

    private static EngineLoadReport Vllm(int generated) => EngineLoadReader.ReadVllmMetrics(
        $"vllm:kv_cache_usage_perc{{a=\"b\"}} 0.5\nvllm:num_requests_waiting{{a=\"b\"}} 2\nvllm:generation_tokens_total{{a=\"b\"}} {generated}\n")!;

    private void Set(string policy) => Assert.IsType<RegistryProtocol.PolicySet>(Send(new RegistryProtocol.SetPolicy(null, null, policy)));
}
