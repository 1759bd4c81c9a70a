using Akka.Actor;
using Gateway.Actors.Discovery;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Tests.Discovery;

/// <summary>The "file" is a field of the test, with a line <c>url model</c> for each worker.</summary>
public sealed class FileDiscoveryTests() : FleetTestKit(settings: new RegistrySettings { IsDataParallelAware = true })
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Long enough to be looked at, believed, and brought in line.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(6);

    private string? _content = "";

    [Fact]
    public void Listed_workers_are_registered_when_the_content_has_settled()
    {
        Start("http://a:1 m\nhttp://b:1 m");
        Assert.Empty(Current.Workers);

        Pass(FileDiscoveryActor.SettleTime + TimeSpan.FromMilliseconds(100));

        Assert.Equal(["http://a:1", "http://b:1"], Urls());
        Assert.All(Current.Workers.Values, static entry => Assert.Equal(WorkerOrigin.File, entry.Origin));
    }

    [Fact]
    public void A_changed_worker_is_replaced_under_its_id()
    {
        Start("http://a:1 m");
        Pass(Settled);
        var id = Current.Workers.Keys.Single();

        _content = "http://a:1 other";
        Pass(Settled);

        Assert.Equal("other", Entry(id).Worker.Spec.Models[0].Id);
        Assert.Equal(2, Entry(id).Worker.Revision);
    }

    [Fact]
    public void A_worker_that_is_gone_from_the_file_is_drained()
    {
        Start("http://a:1 m\nhttp://b:1 m");
        Pass(Settled);
        var busy = Current.Workers.Values.Single(static entry => entry.Worker.Spec.Url.Text == "http://a:1").Worker;
        Assert.True(WorkerLease.TryAcquire(busy, out var lease));

        _content = "http://b:1 m";
        Pass(Settled);

        Assert.Equal(WorkerState.Draining, Entry(busy.Id).State);
        lease.Release(AttemptOutcome.Success);
        AwaitAssert(() => Assert.Equal(["http://b:1"], Urls()));
    }

    [Fact]
    public void An_unchanged_file_causes_no_command()
    {
        Start("http://a:1 m");
        Pass(Settled);
        var version = Current.Version;

        Pass(TimeSpan.FromSeconds(30));

        Assert.Equal(version, Current.Version);
    }

    [Fact]
    public void A_listed_engine_that_is_served_by_its_ranks_is_as_the_file_says()
    {
        Engines["http://a:1"].Answer = Make.HealthyWithRanks(3);
        Start("http://a:1 m");
        Pass(Settled);
        Assert.Equal(3, ReadyFor("m").Length);
        var version = Current.Version;

        Pass(TimeSpan.FromSeconds(30));
        Assert.Equal(version, Current.Version);

        _content = "none";
        Pass(Settled);
        AwaitAssert(() => Assert.Empty(Current.Workers));
        Assert.Empty(ReadyFor("m"));
    }

    [Fact]
    public void A_half_written_file_is_not_believed()
    {
        Start("http://a:1 m\nhttp://b:1 m");
        Pass(Settled);
        var before = Urls();

        for (var i = 0; i < 50; i++)
        {
            // Valid at every moment, but never twice the same.
            _content = $"http://a:1 m{i}";
            Advance(FileDiscoveryActor.SettleTime);
        }

        Assert.Equal(before, Urls());
        _content = "http://a:1 m\nhttp://c:1 m";
        Pass(Settled);
        Assert.Equal(["http://a:1", "http://c:1"], Urls());
    }

    [Fact]
    public void A_file_that_cannot_be_read_leaves_the_fleet_as_it_is_and_is_logged_once()
    {
        Start("http://a:1 m");
        Pass(Settled);

        EventFilter.Warning(contains: "cannot be read: no such file").ExpectOne(() =>
        {
            _content = null;
            Pass(Settled);
        });
        Assert.Equal(["http://a:1"], Urls());

        _content = "http://b:1 m";
        Pass(Settled);
        Assert.Equal(["http://b:1"], Urls());
    }

    [Fact]
    public void A_wrong_file_leaves_the_fleet_as_it_is_and_is_logged_once()
    {
        Start("http://a:1 m");
        Pass(Settled);

        EventFilter.Warning(contains: "keeping the last good list: nonsense").ExpectOne(() =>
        {
            _content = "nonsense";
            Pass(TimeSpan.FromMinutes(1));
        });
        Assert.Equal(["http://a:1"], Urls());

        _content = "http://a:1 m\nhttp://b:1 m";
        Pass(Settled);
        Assert.Equal(["http://a:1", "http://b:1"], Urls());
    }

    [Fact]
    public void An_empty_list_drains_everything_that_came_from_the_file_and_nothing_else()
    {
        Register("http://api:1", "m");
        Start("http://a:1 m");
        Pass(Settled);

        _content = "none";
        Pass(Settled);

        AwaitAssert(() => Assert.Equal(["http://api:1"], Urls()));
    }

    [Fact]
    public void A_worker_that_somebody_else_registered_is_left_alone()
    {
        var id = Register("http://a:1", "theirs").Id;

        EventFilter.Warning(contains: "http://a:1 is registered by other means").ExpectOne(() =>
        {
            Start("http://a:1 ours");
            Pass(Settled);
        });

        Assert.Equal("theirs", Entry(id).Worker.Spec.Models[0].Id);
        Assert.Equal(1, Entry(id).Worker.Revision);
    }

    [Fact]
    public void What_an_operator_does_holds_until_the_file_changes()
    {
        Start("http://a:1 m\nhttp://b:1 m");
        Pass(Settled);
        var id = Current.Workers.Values.Single(static entry => entry.Worker.Spec.Url.Text == "http://a:1").Worker.Id;
        SendAccepted(new Remove(id));

        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["http://b:1"], Urls());

        _content += "\nhttp://c:1 m";
        Pass(Settled);
        Assert.Equal(["http://a:1", "http://b:1", "http://c:1"], Urls());
    }

    [Fact]
    public void A_worker_that_comes_back_while_it_drains_is_registered_as_soon_as_it_is_gone()
    {
        Start("http://a:1 m");
        Pass(Settled);
        var old = Current.Workers.Values.Single().Worker;
        Assert.True(WorkerLease.TryAcquire(old, out var lease));
        _content = "none";
        Pass(Settled);
        _content = "http://a:1 m";
        Pass(Settled);
        Assert.Equal(WorkerState.Draining, Entry(old.Id).State);

        lease.Release(AttemptOutcome.Success);
        AwaitAssert(() => Assert.Empty(Current.Workers));
        Pass(Settled);

        Assert.NotEqual(old.Epoch, Assert.Single(Current.Workers).Value.Worker.Epoch);
    }

    [Fact]
    public void A_refused_command_is_tried_again_until_it_is_accepted()
    {
        var registry = CreateTestProbe();
        _content = "http://a:1 m";
        var source = Start(registry);
        Pass(FileDiscoveryActor.SettleTime + TimeSpan.FromMilliseconds(100));
        registry.ExpectMsg<Register>();

        EventFilter.Warning(contains: "will be tried again: sorry").ExpectOne(() => source.Tell(new Refused(Refusal.Faulted, "sorry")));
        Pass(Interval);

        registry.ExpectMsg<Register>();
    }

    [Fact]
    public void A_source_that_died_starts_anew_after_a_delay_and_catches_up()
    {
        _content = "http://a:1 m";
        Sys.ActorOf(FileDiscoveryActor.SupervisedProps(Registry, View, FileSettings()), "file-discovery");
        AwaitAssert(() =>
        {
            Pass(Interval);
            Assert.Equal(["http://a:1"], Urls());
        });
        var id = Current.Workers.Keys.Single();
        Sys.ActorSelection("/user/file-discovery/file").Tell(new Identify(null), TestActor);
        var child = ExpectMsg<ActorIdentity>().Subject;
        Watch(child);

        EventFilter.Exception<InvalidOperationException>().ExpectOne(() =>
        {
            _content = "crash";
            AwaitCondition(() =>
            {
                Pass(Interval);
                return HasMessages;
            });
        });
        ExpectTerminated(child);
        _content = "http://a:1 m\nhttp://b:1 m";

        AwaitAssert(() =>
        {
            Pass(Interval);
            Assert.Equal(["http://a:1", "http://b:1"], Urls());
        });
        Assert.Equal(1, Entry(id).Worker.Revision);
    }

    private void Start(string content)
    {
        _content = content;
        Start(Registry);
    }

    private IActorRef Start(IActorRef registry) => StartHere(FileDiscoveryActor.Props(registry, View, FileSettings()));

    private FileDiscoverySettings FileSettings() => new("workers.yaml", Interval, Parse)
    {
        Read = _ => _content is { } content ? Task.FromResult(content) : Task.FromException<string>(new FileNotFoundException("no such file")),
    };

    private string[] Urls() => [.. Current.Workers.Values.Select(static entry => entry.Worker.Spec.Url.Text).Order(StringComparer.Ordinal)];

    private static EquatableArray<WorkerSpec> Parse(string text) => text switch
    {
        "none" => [],
        "nonsense" => throw new FormatException("nonsense"),
        "crash" => throw new InvalidOperationException("a parser with a fault"),
        _ => [.. text.Split('\n').Select(static line => line.Split(' ')).Select(static words => Make.Spec(words[0], words[1]))],
    };
}
