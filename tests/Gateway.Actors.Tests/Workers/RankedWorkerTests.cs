using System.Text;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Workers;

/// <summary>Workers that an operator has registered as one rank of an engine, and what single ranks are told of the load.</summary>
public sealed class RankedWorkerTests() : FleetTestKit(settings: new RegistrySettings { Health = Health })
{
    private const string Url = "http://a:1";

    private static readonly HealthSettings Health = new() { Interval = TimeSpan.FromSeconds(10) };

    private FakeEngine Engine => Engines[Url];

    [Fact]
    public void Two_ranks_of_an_engine_are_two_workers_at_one_address()
    {
        Engine.Answer = Make.HealthyWithRanks(2, maxRunning: 7);
        Register($"{Url}@0");
        Register($"{Url}@1");
        Assert.Equal(2, Engine.Connections);
        Assert.Equal([(0, 3), (1, 3)], ReadyFor("m").Select(static worker => (worker.Spec.Url.Rank!.Value, worker.Facts.MaxRunningRequests!.Value)));
    }

    [Fact]
    public void Without_being_told_to_the_gateway_serves_no_worker_by_its_ranks()
    {
        Engine.Answer = Make.HealthyWithRanks(4);
        var id = Register(Make.Spec(Url) with { DataParallelSize = 4 }).Id;
        Assert.Empty(Entry(id).Worker.Ranks);
        Assert.Equal(id, Assert.Single(ReadyFor("m")).Id);
    }

    [Fact]
    public void A_rank_that_the_engine_does_not_have_takes_no_request_and_the_operator_is_told_why()
    {
        Engine.Answer = Make.HealthyWithRanks(4);
        WorkerId id = default;
        EventFilter.Warning(contains: "there is no rank 4").ExpectOne(() =>
        {
            id = Register($"{Url}@4").Id;
            Pass(TimeSpan.FromMinutes(5));
        });
        Assert.Equal((WorkerState.Pending, "there is no rank 4: the engine has 4, counted from 0"), (Entry(id).State, Entry(id).Reason));

        Engine.Answer = Make.HealthyWithRanks(8);
        Pass(Health.Interval * 1.3);
        Assert.Equal(WorkerState.Ready, Entry(id).State);

        Engine.Answer = Make.HealthyWithRanks(4);
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(WorkerState.NotReady, Entry(id).State);
        Assert.Empty(ReadyFor("m"));
    }

    [Fact]
    public void An_engine_that_does_not_tell_its_ranks_is_believed_to_have_this_one()
    {
        Engine.Answer = Make.HealthyWithRanks(null, maxRunning: 9);
        var id = Register(Make.Spec($"{Url}@1") with { DataParallelSize = 3 }).Id;
        Assert.Equal((WorkerState.Ready, 3), (Entry(id).State, Entry(id).Worker.Facts.MaxRunningRequests));
    }

    [Fact]
    public void A_rank_takes_its_own_figures_from_the_engines_report()
    {
        Engine.Load = SgLang("""{"loads":[{"dp_rank":0,"num_running_reqs":1},{"dp_rank":1,"num_running_reqs":2,"num_used_tokens":50}]}""");
        var id = Register($"{Url}@1", "m").Id;
        Assert.IsType<RegistryProtocol.PolicySet>(Send(new RegistryProtocol.SetPolicy(null, null, "least_load")));
        Pass(TimeSpan.FromSeconds(13));
        var load = Entry(id).Worker.EngineLoad!;
        Assert.Equal((2, 50L), (load.Running, load.UsedTokens));
    }

    [Theory]
    [InlineData("""{"loads":[{"dp_rank":0,"num_running_reqs":1}]}""")]
    [InlineData("""{"loads":[{"num_running_reqs":1},{"dp_rank":"1"}]}""")]
    public void Of_a_rank_that_the_report_leaves_out_nothing_is_known(string json)
    {
        var about = SgLang(json).About(WorkerUrl.Parse($"{Url}@1"));
        Assert.Equal((-1L, "the engine does not tell the load of its rank 1"), (about.UsedTokens, about.Failure));
        Assert.Null(EngineLoad.From(about, 0, 0));
    }

    private static EngineLoadReport SgLang(string json) => EngineLoadReader.ReadSgLangLoads(Encoding.UTF8.GetBytes(json))!;
}
