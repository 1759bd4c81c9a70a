using System.Net;
using Akka.Actor;
using Gateway.Actors.Discovery;
using Gateway.Actors.Discovery.Names;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Tests.Discovery.Names;

/// <summary>What a name resolves to is a field of the test; time is the test's too.</summary>
public sealed class DnsDiscoveryTests() : FleetTestKit
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly NamedWorkers Http = new(WorkerName.Parse("dns+http://vllm.test:8000"));

    private readonly Dictionary<string, Func<NameAnswer>> _answers = [];
    private readonly LookupCounts _lookups = new();
    private int _questions;

    [Fact]
    public void All_addresses_of_a_name_are_workers()
    {
        Answers("10.0.0.1", "10.0.0.2");
        Start(Http);

        Sees("http://10.0.0.1:8000", "http://10.0.0.2:8000");
        Assert.All(Current.Workers.Values, static entry => Assert.Equal(WorkerOrigin.Dns, entry.Origin));
    }

    [Fact]
    public void A_new_address_is_a_worker_after_the_next_answer()
    {
        Answers("10.0.0.1");
        Start(Http);
        Answers("10.0.0.1", "10.0.0.2");

        NextAnswer();

        Sees("http://10.0.0.1:8000", "http://10.0.0.2:8000");
    }

    [Fact]
    public void An_address_is_drained_when_two_answers_in_a_row_do_not_have_it()
    {
        Answers("10.0.0.1", "10.0.0.2");
        Start(Http);
        Answers("10.0.0.2");

        NextAnswer();
        Sees("http://10.0.0.1:8000", "http://10.0.0.2:8000");

        NextAnswer();
        Sees("http://10.0.0.2:8000");
    }

    [Fact]
    public void An_address_that_misses_one_answer_is_not_touched()
    {
        Answers("10.0.0.1", "10.0.0.2");
        Start(Http);
        NextAnswer();
        var epochs = Epochs();

        for (var round = 0; round < 5; round++)
        {
            Answers("10.0.0.2");
            NextAnswer();
            Answers("10.0.0.1", "10.0.0.2");
            NextAnswer();
        }

        Assert.Equal(epochs, Epochs());
    }

    [Fact]
    public void A_name_that_fails_for_ever_leaves_its_workers_as_they_are_and_is_logged_once()
    {
        Answers("10.0.0.1");
        Start(Http);
        NextAnswer();
        var version = Current.Version;
        AwaitAssert(() => Assert.Equal((2, 0), (_lookups.Answered, _lookups.Failed)));

        EventFilter.Warning(contains: "its workers are kept as they are: SERVFAIL").ExpectOne(() =>
        {
            Fails("SERVFAIL");
            Pass(TimeSpan.FromMinutes(10));
        });

        Sees("http://10.0.0.1:8000");
        Assert.Equal(version, Current.Version);
        Assert.Equal(2, _lookups.Answered);
        Assert.True(_lookups.Failed > 1);
    }

    [Fact]
    public void A_failure_between_two_answers_is_no_answer()
    {
        Answers("10.0.0.1", "10.0.0.2");
        Start(Http);
        Answers("10.0.0.2");
        NextAnswer();

        Fails("timeout");
        Pass(TimeSpan.FromMinutes(5));
        Sees("http://10.0.0.1:8000", "http://10.0.0.2:8000");

        Answers("10.0.0.2");
        Pass(Interval);
        Sees("http://10.0.0.2:8000");
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(5, 5)]
    [InlineData(3600, 30)]
    public void The_next_question_comes_with_the_end_of_the_time_to_live_but_not_too_soon_nor_too_late(int timeToLive, int seconds)
    {
        Answers(TimeSpan.FromSeconds(timeToLive), "10.0.0.1");
        Start(Http);
        Assert.Equal(1, _questions);

        Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _questions);

        Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, _questions);
    }

    [Fact]
    public void After_failures_it_is_asked_ever_less_often_up_to_the_interval()
    {
        Fails("no");
        Start(Http);
        var waits = new List<int>();
        for (var seconds = 0; waits.Count < 6; seconds++)
        {
            var before = _questions;
            Advance(TimeSpan.FromSeconds(1));
            if (_questions > before)
                waits.Add(seconds + 1);
        }

        Assert.Equal([2, 6, 14, 30, 60, 90], waits);
    }

    [Fact]
    public void A_worker_whose_address_comes_back_does_not_wait_for_its_old_requests()
    {
        Answers("10.0.0.1", "10.0.0.2");
        Start(Http);
        var old = Current.Workers.Values.Single(static entry => entry.Worker.Spec.Url.Text == "http://10.0.0.1:8000").Worker;
        Assert.True(WorkerLease.TryAcquire(old, out var lease));
        Answers("10.0.0.2");
        NextAnswer();
        NextAnswer();
        AwaitAssert(() => Assert.Equal(WorkerState.Draining, Entry(old.Id).State));

        Answers("10.0.0.1", "10.0.0.2");
        NextAnswer();

        Sees("http://10.0.0.1:8000", "http://10.0.0.2:8000");
        AwaitAssert(() => Assert.True(
            Current.Workers.Values.Single(static entry => entry.Worker.Spec.Url.Text == "http://10.0.0.1:8000").Worker.Epoch > old.Epoch));
        lease.Release(AttemptOutcome.Success);
    }

    [Fact]
    public void What_an_operator_does_to_a_worker_holds_as_long_as_its_name_has_its_address()
    {
        Answers("10.0.0.1", "10.0.0.2");
        Start(Http);
        NextAnswer();
        var (first, second) = (IdOf("http://10.0.0.1:8000"), IdOf("http://10.0.0.2:8000"));
        SendAccepted(new Remove(first));
        SendAccepted(new Update(second, new WorkerPatch { Priority = 99 }));

        Answers("10.0.0.1", "10.0.0.2", "10.0.0.3");
        NextAnswer();
        NextAnswer();
        Sees("http://10.0.0.2:8000", "http://10.0.0.3:8000");
        Assert.Equal(99, Entry(second).Worker.Spec.Priority);

        Answers("10.0.0.2", "10.0.0.3");
        NextAnswer();
        Answers("10.0.0.1", "10.0.0.2", "10.0.0.3");
        NextAnswer();
        Sees("http://10.0.0.1:8000", "http://10.0.0.2:8000", "http://10.0.0.3:8000");
    }

    [Fact]
    public void Workers_of_other_origins_are_left_alone()
    {
        Register("http://10.0.0.1:8000", "theirs");
        Register("http://10.0.0.7:8000", "theirs");
        Answers("10.0.0.1");

        EventFilter.Warning(contains: "http://10.0.0.1:8000 is registered by other means").ExpectOne(() => Start(Http));
        NextAnswer();
        NextAnswer();

        Sees("http://10.0.0.1:8000", "http://10.0.0.7:8000");
        Assert.All(Current.Workers.Values, static entry => Assert.Equal(WorkerOrigin.Api, entry.Origin));
    }

    [Fact]
    public void Names_have_roles_and_an_address_of_two_names_is_the_first_ones()
    {
        _answers["prefill.test"] = () => Answer(Interval, ["10.0.0.1", "10.0.0.2"], 8000);
        _answers["decode.test"] = () => Answer(Interval, ["10.0.0.2", "10.0.0.3"], 8000);
        Start(
            new NamedWorkers(WorkerName.Parse("dns+https://prefill.test:8000"), WorkerRole.Prefill, 8998),
            new NamedWorkers(WorkerName.Parse("dns+https://decode.test:8000"), WorkerRole.Decode));

        HasSpecs(
            "https://10.0.0.1:8000 Prefill 8998 prefill.test",
            "https://10.0.0.2:8000 Prefill 8998 prefill.test",
            "https://10.0.0.3:8000 Decode  decode.test");

        _answers["prefill.test"] = () => Answer(Interval, ["10.0.0.1"], 8000);
        NextAnswer();
        NextAnswer();
        HasSpecs(
            "https://10.0.0.1:8000 Prefill 8998 prefill.test",
            "https://10.0.0.2:8000 Decode  decode.test",
            "https://10.0.0.3:8000 Decode  decode.test");
    }

    [Fact]
    public void A_name_that_never_resolves_holds_up_no_other()
    {
        _answers["typo.test"] = static () => throw new NameUnknownException("NXDOMAIN");
        Answers("10.0.0.1", "10.0.0.2");
        Start(new NamedWorkers(WorkerName.Parse("dns://typo.test:8000")), Http);
        Answers("10.0.0.2");
        NextAnswer();
        NextAnswer();

        Sees("http://10.0.0.2:8000");
    }

    [Fact]
    public void A_new_start_drains_what_is_gone_only_when_every_name_has_been_answered_for_twice()
    {
        SendAccepted(new Register(Make.Spec("http://10.0.0.1:8000"), WorkerOrigin.Dns));
        Fails("not yet");
        Start(Http);
        Pass(TimeSpan.FromMinutes(5));
        Sees("http://10.0.0.1:8000");

        Answers("10.0.0.2");
        Pass(Interval);
        Pass(Interval);

        Sees("http://10.0.0.2:8000");
    }

    [Fact]
    public void A_new_start_registers_nothing_twice()
    {
        Answers("10.0.0.1");
        var first = Start(Http);
        NextAnswer();
        var epochs = Epochs();
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);

        Start(Http);
        NextAnswer();

        Assert.Equal(epochs, Epochs());
    }

    [Fact]
    public void A_refused_command_is_tried_again_with_the_next_answer()
    {
        var registry = CreateTestProbe();
        Answers("10.0.0.1");
        var source = Start(registry, Http);
        registry.ExpectMsg<GetSnapshot>();
        registry.Reply(Current);
        registry.ExpectMsg<Register>();
        registry.ExpectMsg<GetSnapshot>();
        registry.Reply(Current);

        EventFilter.Warning(contains: "will be tried again: sorry").ExpectOne(() => source.Tell(new Refused(Refusal.Faulted, "sorry")));
        Advance(Interval);
        registry.ExpectMsg<GetSnapshot>();
        registry.Reply(Current);

        registry.ExpectMsg<Register>();
    }

    [Fact]
    public void A_registry_that_does_not_answer_is_asked_again()
    {
        var registry = CreateTestProbe();
        Answers("10.0.0.1");
        Start(registry, Http);
        registry.ExpectMsg<GetSnapshot>();

        Advance(TimeSpan.FromSeconds(10));

        registry.ExpectMsg<GetSnapshot>();
    }

    private void Answers(params string[] addresses) => Answers(Interval, addresses);

    private void Answers(TimeSpan timeToLive, params string[] addresses) =>
        _answers["vllm.test"] = () => Answer(timeToLive, addresses, 8000);

    private void Fails(string reason) => _answers["vllm.test"] = () => throw new NameUnknownException(reason);

    internal static NameAnswer Answer(TimeSpan timeToLive, string[] addresses, int port) =>
        new([.. addresses.Select(address => new IPEndPoint(IPAddress.Parse(address), port))], timeToLive);

    private void NextAnswer() => Advance(Interval);

    private IActorRef Start(params NamedWorkers[] workers) => Start(Registry, workers);

    private IActorRef Start(IActorRef registry, params NamedWorkers[] workers)
    {
        var settings = new DnsDiscoverySettings([.. workers], Interval, new DnsServers([]))
        {
            Lookups = _lookups,
            Resolve = (name, _) =>
            {
                _questions++;
                try
                {
                    return Task.FromResult(_answers[name.Host]());
                }
                catch (NameUnknownException failure)
                {
                    return Task.FromException<NameAnswer>(failure);
                }
            },
        };
        return StartHere(DnsDiscoveryActor.Props(registry, settings));
    }

    private void Sees(params string[] urls) => AwaitAssert(() => Assert.Equal(
        urls,
        Current.Workers.Values.Where(static entry => entry.State != WorkerState.Draining).Select(static entry => entry.Worker.Spec.Url.Text).Order(StringComparer.Ordinal)));

    private void HasSpecs(params string[] specs) => AwaitAssert(() => Assert.Equal(
        specs,
        Current.Workers.Values
            .Select(static entry => entry.Worker.Spec)
            .Select(static spec => $"{spec.Url} {spec.Role} {spec.BootstrapPort} {spec.ServerName}")
            .Order(StringComparer.Ordinal)));

    private long[] Epochs() => [.. Current.Workers.Values.Select(static entry => entry.Worker.Epoch).Order()];

    private WorkerId IdOf(string url) => Current.Workers.Values.Single(entry => entry.Worker.Spec.Url.Text == url).Worker.Id;
}
