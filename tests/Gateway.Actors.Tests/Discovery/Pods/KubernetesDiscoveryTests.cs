using Akka.Actor;
using Akka.TestKit.Xunit2;
using Gateway.Actors.Discovery.Pods;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Tests.Discovery.Pods;

/// <summary>Against a server that is played, over real HTTP. Where no interval is given, there is one list, and then the watch alone.</summary>
public sealed class KubernetesDiscoveryTests() : TestKit("akka { loglevel = WARNING, stdout-loglevel = OFF, log-dead-letters = off }"), IAsyncLifetime
{
    private PodDiscoveryUnderTest _test = null!;

    private ApiServerStandIn Server => _test.Server;

    async Task IAsyncLifetime.InitializeAsync() => _test = await PodDiscoveryUnderTest.StartAsync(Sys);

    async Task IAsyncLifetime.DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Pods_that_are_ready_become_workers()
    {
        Server.Put(new PodRecord("a", "10.0.0.1"));
        Server.Put(new PodRecord("b", "10.0.0.2") { IsReady = false });
        Server.Put(new PodRecord("c", "10.0.0.3") { App = "other" });
        Server.Put(new PodRecord("d", "10.0.0.4") { Namespace = "elsewhere" });

        _test.Follow();

        await _test.SeesAsync("10.0.0.1:80 a");
        Assert.Equal(WorkerOrigin.Kubernetes, _test.Only().Origin);
        Assert.Equal("default/pod-a", _test.Only().Worker.Spec.Labels[PodReader.NameLabel]);
    }

    [Fact]
    public async Task A_long_list_is_read_page_by_page()
    {
        for (var i = 1; i <= 7; i++)
            Server.Put(new PodRecord($"p{i}", $"10.0.0.{i}"));

        _test.Follow(pageSize: 3);

        await _test.SeesAsync(Enumerable.Range(1, 7).Select(static i => $"10.0.0.{i}:80 p{i}"));
        Assert.Equal((1, 3), (Server.Lists, Server.Pages));
    }

    [Fact]
    public async Task A_pod_that_becomes_ready_is_seen_by_the_watch()
    {
        Server.Put(new PodRecord("a", "10.0.0.1") { IsReady = false });
        await FollowAsync();

        Server.Put(new PodRecord("a", "10.0.0.1"));
        Server.Put(new PodRecord("b", "10.0.0.2"));

        await _test.SeesAsync("10.0.0.1:80 a", "10.0.0.2:80 b");
        Assert.Equal(1, Server.Lists);
    }

    [Theory]
    [InlineData("terminating", PodReconciliation.LeavingReason)]
    [InlineData("evicted", PodReconciliation.LeavingReason)]
    [InlineData("not ready", PodReconciliation.NotReadyReason)]
    [InlineData("deleted", PodReconciliation.GoneReason)]
    [InlineData("another label", PodReconciliation.GoneReason)]
    public async Task A_pod_that_leaves_is_drained_at_once_and_its_request_ends_in_peace(string how, string reason)
    {
        var pod = new PodRecord("a", "10.0.0.1");
        Server.Put(pod);
        await FollowAsync("10.0.0.1:80 a");
        Assert.True(WorkerLease.TryAcquire(_test.Only().Worker, out var lease));

        switch (how)
        {
            case "terminating":
                Server.Put(pod with { IsTerminating = true });
                break;
            case "evicted":
                Server.Put(pod with { Phase = "Failed" });
                break;
            case "not ready":
                Server.Put(pod with { IsReady = false });
                break;
            case "deleted":
                Server.Delete("a");
                break;
            default:
                Server.Put(pod with { App = "other" });
                break;
        }

        await _test.SeesAsync();
        Assert.Equal((WorkerState.Draining, reason), (_test.Only().State, _test.Only().Reason));
        lease.Release(AttemptOutcome.Success);
        await Support.Eventually.HoldsAsync(() => Assert.Empty(_test.View.Current.Workers));
    }

    [Fact]
    public async Task A_pod_that_is_ready_again_takes_requests_again_while_its_old_ones_still_run()
    {
        var pod = new PodRecord("a", "10.0.0.1");
        Server.Put(pod);
        await FollowAsync("10.0.0.1:80 a");
        var before = _test.Only().Worker;
        Assert.True(WorkerLease.TryAcquire(before, out var lease));
        Server.Put(pod with { IsReady = false });
        await _test.SeesAsync();

        Server.Put(pod);

        await _test.SeesAsync("10.0.0.1:80 a");
        Assert.NotEqual(before.Epoch, _test.Only().Worker.Epoch);
        lease.Release(AttemptOutcome.Success);
    }

    [Fact]
    public async Task A_new_pod_at_the_address_of_an_old_one_is_another_worker()
    {
        Server.Put(new PodRecord("old", "10.0.0.1"));
        await FollowAsync("10.0.0.1:80 old");
        var before = _test.Only().Worker;
        Assert.True(WorkerLease.TryAcquire(before, out var lease));

        // The old one's deletion is never told.
        Server.LosesEvents = true;
        Server.Delete("old");
        Server.LosesEvents = false;
        Server.Put(new PodRecord("new", "10.0.0.1") { Created = 1 });

        await _test.SeesAsync("10.0.0.1:80 new");
        Assert.NotEqual(before.Epoch, _test.Only().Worker.Epoch);
        lease.Release(AttemptOutcome.Success);
    }

    [Fact]
    public async Task A_watch_that_has_died_without_a_word_costs_an_interval_and_leaves_no_ghost()
    {
        Server.Put(new PodRecord("a", "10.0.0.1"));
        _test.Follow(TimeSpan.FromSeconds(1));
        await _test.SeesAsync("10.0.0.1:80 a");

        Server.LosesEvents = true;
        Server.Delete("a");
        Server.Put(new PodRecord("b", "10.0.0.2"));

        await _test.SeesAsync("10.0.0.2:80 b");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_watch_that_ends_is_taken_up_where_it_ended_without_a_list(bool abruptly)
    {
        await FollowAsync();
        Server.Put(new PodRecord("a", "10.0.0.1"));
        await _test.SeesAsync("10.0.0.1:80 a");
        Server.DropWatches(abruptly);
        Server.Put(new PodRecord("b", "10.0.0.2"));

        await _test.SeesAsync("10.0.0.1:80 a", "10.0.0.2:80 b");
        Assert.Equal(1, Server.Lists);
        Assert.Equal(101, Server.WatchedFrom[1]);
    }

    [Fact]
    public async Task A_bookmark_moves_the_place_where_a_watch_is_taken_up()
    {
        await FollowAsync();
        Server.Put(new PodRecord("a", "10.0.0.1") { App = "other" });
        var bookmark = Server.Bookmark();

        Server.DropWatches();
        Server.Put(new PodRecord("b", "10.0.0.2"));

        await _test.SeesAsync("10.0.0.2:80 b");
        Assert.Equal(bookmark, Server.WatchedFrom[1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_version_that_is_gone_leads_to_a_new_list(bool inTheMiddle)
    {
        Server.Put(new PodRecord("a", "10.0.0.1"));
        await FollowAsync("10.0.0.1:80 a");
        Server.LosesEvents = true;
        Server.Delete("a");
        Server.Compact();
        Server.LosesEvents = false;

        if (inTheMiddle)
            Server.SayGone();
        else
            Server.DropWatches();

        await _test.SeesAsync();
        Assert.Equal(2, Server.Lists);
    }

    [Fact]
    public async Task A_server_that_answers_with_errors_costs_nobody_their_worker()
    {
        Server.Put(new PodRecord("a", "10.0.0.1"));
        _test.Follow(TimeSpan.FromSeconds(1));
        await _test.SeesAsync("10.0.0.1:80 a");
        var id = _test.Only().Worker.Id;

        await EventFilter.Warning(contains: "the workers are kept as they are").ExpectOneAsync(TimeSpan.FromSeconds(30), () =>
        {
            Server.RefusesWith = 503;
            Server.DropWatches();
            return Task.CompletedTask;
        });
        Assert.Equal(["10.0.0.1:80 a"], _test.Workers());
        Server.RefusesWith = null;
        Server.Put(new PodRecord("b", "10.0.0.2"));

        await _test.SeesAsync("10.0.0.1:80 a", "10.0.0.2:80 b");
        Assert.Contains(id, _test.View.Current.Workers.Keys);
    }

    [Fact]
    public async Task What_an_operator_removes_stays_away_until_its_pod_says_something_new()
    {
        var pod = new PodRecord("a", "10.0.0.1");
        Server.Put(pod);
        await FollowAsync("10.0.0.1:80 a");
        Server.Put(new PodRecord("b", "10.0.0.2"));
        await _test.SeesAsync("10.0.0.1:80 a", "10.0.0.2:80 b");

        _test.Registry.Tell(new Remove(_test.View.Current.Workers.Values.Single(static entry => entry.Worker.Spec.Url.Text == "10.0.0.1:80").Worker.Id));
        await _test.SeesAsync("10.0.0.2:80 b");
        Server.Put(new PodRecord("c", "10.0.0.3"));
        await _test.SeesAsync("10.0.0.2:80 b", "10.0.0.3:80 c");

        Server.Put(pod with { IsReady = false });
        Server.Delete("c");
        await _test.SeesAsync("10.0.0.2:80 b");
        Server.Put(pod);
        await _test.SeesAsync("10.0.0.1:80 a", "10.0.0.2:80 b");
    }

    [Fact]
    public async Task Other_peoples_workers_are_left_alone()
    {
        var url = WorkerUrl.Parse("http://10.0.0.1:80");
        await _test.Registry.Ask<Accepted>(new Register(new WorkerSpec { Url = url }, WorkerOrigin.Api));
        Server.Put(new PodRecord("a", "10.0.0.1"));
        Server.Put(new PodRecord("b", "10.0.0.2"));

        await EventFilter.Warning(contains: "registered by other means (Api)").ExpectOneAsync(TimeSpan.FromSeconds(30), () => FollowAsync("10.0.0.2:80 b", "http://10.0.0.1:80 "));
        Server.Delete("a");
        Server.Delete("b");

        await _test.SeesAsync("http://10.0.0.1:80 ");
    }

    [Fact]
    public async Task A_source_that_is_started_anew_registers_nothing_twice()
    {
        Server.Put(new PodRecord("a", "10.0.0.1"));
        var source = _test.Follow();
        await _test.SeesAsync("10.0.0.1:80 a");
        await _test.WatchesAsync();
        var before = _test.Only().Worker;
        await source.GracefulStop(TimeSpan.FromSeconds(30));
        await _test.WatchesAsync(0);
        Server.Put(new PodRecord("b", "10.0.0.2"));

        _test.Follow();

        await _test.SeesAsync("10.0.0.1:80 a", "10.0.0.2:80 b");
        Assert.Same(before, _test.View.Current.Workers[before.Id].Worker);
    }

    [Fact]
    public async Task A_pod_that_changes_from_prefill_to_decode_changes_its_role()
    {
        var interval = TimeSpan.FromSeconds(1);
        _test.Follow(interval, WorkerRole.Prefill, "prefill");
        _test.Follow(interval, WorkerRole.Decode, "decode");
        var pod = new PodRecord("a", "10.0.0.1") { App = "prefill" };
        Server.Put(pod);
        await _test.SeesAsync("10.0.0.1:80 a");
        Assert.Equal(WorkerRole.Prefill, _test.Only().Worker.Spec.Role);

        Server.Put(pod with { App = "decode" });

        await Support.Eventually.HoldsAsync(() => Assert.Equal(
            [WorkerRole.Decode], _test.View.Current.Workers.Values.Select(static entry => entry.Worker.Spec.Role)));
    }

    private async Task FollowAsync(params string[] workers)
    {
        _test.Follow();
        await _test.WatchesAsync();
        await _test.SeesAsync(workers);
    }
}
