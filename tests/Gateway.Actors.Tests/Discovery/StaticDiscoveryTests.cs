using Akka.Actor;
using Akka.TestKit;
using Gateway.Actors.Discovery;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Tests.Discovery;

public sealed class StaticDiscoveryTests : FleetTestKit
{
    [Fact]
    public void The_configured_workers_are_registered_and_the_source_ends()
    {
        StartAndAwaitEnd(Make.Spec("http://a:1", "m"), Make.Spec("http://b:1", "m"));

        Assert.Equal(["http://a:1", "http://b:1"], Current.Workers.Values.Select(static entry => entry.Worker.Spec.Url.Text).Order());
        Assert.All(Current.Workers.Values, static entry => Assert.Equal(WorkerOrigin.CommandLine, entry.Origin));
    }

    [Fact]
    public void Starting_again_registers_nothing_twice()
    {
        StartAndAwaitEnd(Make.Spec("http://a:1", "m"));
        var version = Current.Version;

        StartAndAwaitEnd(Make.Spec("http://a:1", "m"));

        Assert.Equal(version, Current.Version);
    }

    [Fact]
    public void A_URL_that_is_taken_is_left_to_whoever_has_it()
    {
        var id = Register("http://a:1", "theirs").Id;

        StartAndAwaitEnd(Make.Spec("http://a:1", "ours"));

        Assert.Equal("theirs", Entry(id).Worker.Spec.Models[0].Id);
        Assert.Single(Current.Workers);
    }

    [Fact]
    public void A_refusal_is_logged_and_the_others_are_registered()
    {
        var registry = CreateTestProbe();
        var source = Start(registry, Make.Spec("http://a:1", "m"), Make.Spec("http://b:1", "m"));
        Watch(source);
        registry.ExpectMsg<Register>();
        registry.ExpectMsg<Register>();

        EventFilter.Warning(contains: "a:1 is taken").ExpectOne(() => source.Tell(new Refused(Refusal.UrlTaken, "http://a:1 is taken")));
        source.Tell(new Accepted(new WorkerId(Guid.NewGuid()), 1, 1, 1, true));

        ExpectTerminated(source);
    }

    [Fact]
    public void A_registration_that_the_registry_failed_on_is_tried_again()
    {
        var registry = CreateTestProbe();
        var source = Start(registry, Make.Spec("http://a:1", "m"));
        Watch(source);
        registry.ExpectMsg<Register>();
        source.Tell(new Refused(Refusal.Faulted, "sorry"));

        Pass(TimeSpan.FromSeconds(1));

        registry.ExpectMsg<Register>(static message => message.Spec.Url.Text == "http://a:1");
        source.Tell(new Accepted(new WorkerId(Guid.NewGuid()), 1, 1, 1, true));
        ExpectTerminated(source);
    }

    [Fact]
    public void What_an_operator_removed_is_not_brought_back()
    {
        var supervisor = Sys.ActorOf(StaticDiscoveryActor.SupervisedProps(Registry, View, [Make.Spec("http://a:1", "m")]));
        Watch(supervisor);
        ExpectTerminated(supervisor);
        SendAccepted(new Remove(Current.Workers.Keys.Single()));

        Pass(TimeSpan.FromMinutes(2));

        Assert.Empty(Current.Workers);
    }

    private void StartAndAwaitEnd(params WorkerSpec[] specs)
    {
        var source = Start(Registry, specs);
        Watch(source);
        ExpectTerminated(source);
    }

    private IActorRef Start(IActorRef registry, params WorkerSpec[] specs) => Sys.ActorOf(
        StaticDiscoveryActor.Props(registry, View, [.. specs]).WithDispatcher(CallingThreadDispatcher.Id));
}
