using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Tests.Registry;

/// <summary>Workers that are served by the data-parallel ranks of their engines.</summary>
public sealed class DataParallelTests() : FleetTestKit(settings: new RegistrySettings { Health = Health, IsDataParallelAware = true })
{
    private const string Url = "http://a:1";

    private static readonly HealthSettings Health = new() { Interval = TimeSpan.FromSeconds(10) };

    private FakeEngine Engine => Engines[Url];

    [Fact]
    public void An_engine_of_four_ranks_is_four_workers_for_requests_and_one_registration()
    {
        Engine.Answer = Make.HealthyWithRanks(4);
        var id = Register(Url).Id;

        var ranks = ReadyFor("m");

        Assert.Equal(["http://a:1@0", "http://a:1@1", "http://a:1@2", "http://a:1@3"], ranks.Select(static rank => rank.Spec.Url.Text));
        Assert.Equal(id, Assert.Single(Current.Workers).Key);
        Assert.All(ranks, rank => Assert.Equal((id, 4), (rank.Whole, rank.Spec.DataParallelSize)));
        Assert.Equal(5, ranks.Append(Entry(id).Worker).Select(static worker => worker.Epoch).Distinct().Count());
        Assert.Equal(1, Engine.Connections);
        Assert.All(ranks, rank => Assert.Same(Entry(id).Worker.Client, rank.Client));
        Pass(Health.Interval * 100);
        Assert.InRange(Engine.Probes, 80, 125);
    }

    [Theory]
    [InlineData(null, null, 0)]
    [InlineData(null, 1, 0)]
    [InlineData(3, null, 3)]
    [InlineData(2, 4, 2)]
    [InlineData(8, 4, 4)]
    [InlineData(1, 4, 0)]
    public void There_are_as_many_ranks_as_operator_and_engine_agree_on(int? configured, int? found, int ranks)
    {
        Engine.Answer = Make.HealthyWithRanks(found);
        var id = Register(Make.Spec(Url) with { DataParallelSize = configured }).Id;
        Assert.Equal(ranks, Entry(id).Worker.Ranks.Length);
        Assert.Equal(Math.Max(1, ranks), ReadyFor("m").Length);
    }

    [Fact]
    public void A_rank_has_its_share_of_what_the_engine_runs_at_once()
    {
        Engine.Answer = Make.HealthyWithRanks(4, maxRunning: 30);
        Register(Make.Spec(Url) with { DataParallelSize = 2 });
        Assert.Equal([7, 7], ReadyFor("m").Select(static rank => rank.Facts.MaxRunningRequests));
    }

    [Fact]
    public void Each_rank_has_its_own_leases_and_the_worker_shows_their_sum()
    {
        Engine.Answer = Make.HealthyWithRanks(2);
        var id = Register(Url).Id;
        var ranks = ReadyFor("m");
        Ask.Occupy(ranks[0], 2);
        Ask.Occupy(ranks[1]);
        Assert.Equal((2, 1, 3), (ranks[0].Load, ranks[1].Load, Entry(id).Worker.Load));
    }

    [Fact]
    public void Ranks_are_spared_at_first_as_a_worker_is()
    {
        Engine.Answer = Make.HealthyWithRanks(2);
        Register(Url);
        Assert.All(ReadyFor("m"), static rank => Assert.NotEqual(0, rank.EffectiveLoad));
        Pass(BreakerSettings.Default.SlowStart);
        Assert.All(ReadyFor("m"), static rank => Assert.Equal(0, rank.EffectiveLoad));
    }

    [Fact]
    public void An_edit_reaches_all_ranks_and_keeps_their_leases()
    {
        Engine.Answer = Make.HealthyWithRanks(2);
        var id = Register(Url).Id;
        Ask.Occupy(ReadyFor("m")[1]);

        SendAccepted(new Update(id, new WorkerPatch { Priority = 7 }));

        Assert.All(ReadyFor("m"), static rank => Assert.Equal((7, 2L), (rank.Spec.Priority, rank.Revision)));
        Assert.Equal([0, 1], ReadyFor("m").Select(static rank => rank.Load));
    }

    [Fact]
    public void A_drain_takes_all_ranks_out_and_waits_for_the_last_request_of_any()
    {
        Engine.Answer = Make.HealthyWithRanks(2);
        var id = Register(Url).Id;
        var ranks = ReadyFor("m");
        Assert.True(WorkerLease.TryAcquire(ranks[1], out var lease));

        SendAccepted(new Drain(id));

        Assert.Empty(ReadyFor("m"));
        Assert.All(ranks, static rank => Assert.True(rank.IsClosed));
        Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(WorkerState.Draining, Entry(id).State);
        Assert.False(((FakeClient)ranks[1].Client!).IsDisposed);
        lease.Release(AttemptOutcome.Success);
        AwaitAssert(() => Assert.Empty(Current.Workers));
        AwaitAssert(() => Assert.True(((FakeClient)ranks[1].Client!).IsDisposed));
    }

    [Fact]
    public void A_removal_takes_the_ranks_along_and_leaves_their_requests_their_client()
    {
        Engine.Answer = Make.HealthyWithRanks(2);
        var id = Register(Url).Id;
        var rank = ReadyFor("m")[0];
        Assert.True(WorkerLease.TryAcquire(rank, out var lease));

        SendAccepted(new Remove(id));

        Assert.Empty(Current.Workers);
        Assert.Null(Current.FindModel("m"u8));
        Assert.False(((FakeClient)rank.Client!).IsDisposed);
        lease.Release(AttemptOutcome.Success);
        AwaitAssert(() => Assert.True(((FakeClient)rank.Client!).IsDisposed));
    }

    [Fact]
    public void Commands_about_a_single_rank_are_refused_and_name_the_worker_to_turn_to()
    {
        Engine.Answer = Make.HealthyWithRanks(2);
        var id = Register(Url).Id;
        var rank = ReadyFor("m")[1];
        ICommand[] commands =
        [
            new Update(rank.Id, new WorkerPatch { Priority = 1 }),
            new Replace(rank.Id, rank.Spec),
            new Drain(rank.Id),
            new Remove(rank.Id),
        ];
        Assert.All(commands, command =>
        {
            var refused = SendRefused(command);
            Assert.Equal((Refusal.IsRank, (WorkerId?)id), (refused.Refusal, refused.Id));
        });
        Assert.Equal(2, ReadyFor("m").Length);
    }

    [Fact]
    public void A_rank_is_found_by_its_id_with_the_state_of_its_worker()
    {
        Engine.Answer = Make.HealthyWithRanks(2);
        var id = Register(Url).Id;
        var rank = ReadyFor("m")[1];
        var found = Current.Find(rank.Id)!;
        Assert.Same(rank, found.Worker);
        Assert.Equal((WorkerState.Ready, Entry(id).Ordinal), (found.State, found.Ordinal));
        Assert.Null(Current.Find(new WorkerId(Guid.NewGuid())));
    }

    [Fact]
    public void An_engine_that_comes_back_with_another_number_of_ranks_is_served_by_these()
    {
        Engine.Answer = Make.HealthyWithRanks(4);
        var id = Register(Url).Id;
        var old = ReadyFor("m");
        Assert.True(WorkerLease.TryAcquire(old[3], out var running));

        Engine.Answer = Make.HealthyWithRanks(2);
        Pass(Health.Interval * 1.3);

        var now = ReadyFor("m");
        Assert.Equal(2, now.Length);
        Assert.Equal(id, Assert.Single(Current.Workers).Key);
        Assert.Equal([old[0].Id, old[1].Id], now.Select(static rank => rank.Id));
        Assert.All(now, rank => Assert.True(rank.Epoch > old.Max(static each => each.Epoch)));
        Assert.All(old, static rank => Assert.True(rank.IsClosed));
        Assert.False(((FakeClient)old[3].Client!).IsDisposed);
        running.Release(AttemptOutcome.Failure);
        AwaitAssert(() => Assert.True(((FakeClient)old[3].Client!).IsDisposed));

        Engine.Answer = Make.HealthyWithRanks(null);
        Pass(Health.Interval * 1.3);
        Assert.Equal(now, ReadyFor("m"));

        Engine.Answer = Make.HealthyWithRanks(1);
        Pass(Health.Interval * 1.3);
        Assert.Equal(Url, Assert.Single(ReadyFor("m")).Spec.Url.Text);
    }

    [Fact]
    public void A_lost_engine_takes_its_ranks_out_and_brings_them_back_with_itself()
    {
        Engine.Answer = Make.HealthyWithRanks(2);
        Register(Url);
        var old = ReadyFor("m");
        Engine.Answer = Make.Failed(ProbeOutcome.Unreachable);
        old[1].Suspect();
        Pass(TimeSpan.FromMilliseconds(300));
        Assert.Empty(ReadyFor("m"));
        Assert.All(old, static rank => Assert.True(rank.IsClosed));

        Engine.Answer = Make.HealthyWithRanks(2);
        Pass(TimeSpan.FromSeconds(5));

        Assert.Equal(old.Select(static rank => rank.Id), ReadyFor("m").Select(static rank => rank.Id));
        Assert.All(ReadyFor("m"), static rank => Assert.False(rank.IsClosed));
    }

    [Fact]
    public void Where_single_ranks_are_registered_the_engine_cannot_be_as_a_whole_nor_the_other_way_round()
    {
        var rank = Register($"{Url}@0", "m").Id;
        Assert.Equal(Refusal.EngineTaken, SendRefused(new Register(Make.Spec("a:1"), WorkerOrigin.Api)).Refusal);
        Register($"{Url}@1", "m");
        SendAccepted(new Remove(rank));
        Assert.Equal(Refusal.EngineTaken, SendRefused(new Register(Make.Spec(Url), WorkerOrigin.Api)).Refusal);

        var whole = Register("http://b:1", "m").Id;
        var refused = SendRefused(new Register(Make.Spec("grpc://b:1@5"), WorkerOrigin.Api));
        Assert.Equal((Refusal.EngineTaken, (WorkerId?)whole), (refused.Refusal, refused.Id));
        Ask.Occupy(Entry(whole).Worker);
        SendAccepted(new Drain(whole));
        Assert.Equal(Refusal.Draining, SendRefused(new Register(Make.Spec("http://b:1@5"), WorkerOrigin.Api)).Refusal);
        SendAccepted(new Remove(whole));
        Register("http://b:1@5", "m");
    }
}
