using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Xunit.Abstractions;

namespace Gateway.Actors.Tests.Support;

/// <summary>
/// A registry with its supervisor and workers, and engines that do as the test says. Time is virtual, and every actor runs on the
/// thread that sends to it, so that a test sees all consequences of a message as soon as it has sent it.
/// </summary>
public abstract class FleetTestKit : TestKit
{
    private const string Config = """
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          log-dead-letters = off
          # Only ends a run that has gone wrong.
          test.single-expect-default = 120s
          scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
          actor.deployment {
            /registry { dispatcher = akka.test.calling-thread-dispatcher }
            "/registry/workers" { dispatcher = akka.test.calling-thread-dispatcher }
            "/registry/workers/*" { dispatcher = akka.test.calling-thread-dispatcher }
          }
        }
        """;

    private readonly RegistryPublisher _publisher;

    /// <param name="output">Where the test runner wants to have the log.</param>
    /// <param name="settings">The registry's.</param>
    /// <param name="isQuiet">For tests in which faults are the everyday business, and log nothing that one would read.</param>
    protected FleetTestKit(ITestOutputHelper? output = null, RegistrySettings? settings = null, bool isQuiet = false)
        : base(isQuiet ? $"{Config}\nakka.loglevel = OFF" : Config, output: output)
    {
        View = RegistryView.Create(out _publisher);
        Settings = settings ?? new RegistrySettings();
        Registry = Sys.ActorOf(RegistryActor.Props(_publisher, Settings, Engines, Time), "registry");
        foreach (var path in new[] { Registry.Path, Registry.Path / "workers" })
            AwaitStart(Sys.ActorSelection(path));
    }

    internal RegistryView View { get; }

    internal FakeEngines Engines { get; } = new();

    internal ManualTime Time { get; } = new();

    internal RegistrySettings Settings { get; }

    internal IActorRef Registry { get; }

    internal IActorRef Supervisor => Sys.ActorSelection("/user/registry/workers").ResolveOne(TimeSpan.FromMinutes(2)).Result;

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    internal RegistrySnapshot Current => View.Current;

    /// <summary>Starts an actor that runs on the thread that sends to it.</summary>
    internal IActorRef StartHere(Props props)
    {
        var actor = Sys.ActorOf(props.WithDispatcher(CallingThreadDispatcher.Id));
        AwaitStart(actor);
        return actor;
    }

    /// <summary>
    /// The system starts a top-level actor and its children on a thread of its own. Its first answer says that it has started; it may still be
    /// busy there with what it has told itself meanwhile. The second comes after that, and from then on it runs on the test's thread.
    /// </summary>
    private void AwaitStart(ICanTell actor)
    {
        for (var i = 0; i < 2; i++)
        {
            actor.Tell(new Identify(null), TestActor);
            ExpectMsg<ActorIdentity>();
        }
    }

    internal void Advance(TimeSpan time)
    {
        Time.Advance(time);
        Scheduler.Advance(time);
    }

    /// <summary>Advances in small steps, so that timers set by other timers on the way are met.</summary>
    internal void Pass(TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(100);
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
            Advance(step);
    }

    internal RegistryProtocol.IReply Send(RegistryProtocol.ICommand command)
    {
        Registry.Tell(command, TestActor);
        return ExpectMsg<RegistryProtocol.IReply>();
    }

    internal RegistryProtocol.Accepted SendAccepted(RegistryProtocol.ICommand command) =>
        Assert.IsType<RegistryProtocol.Accepted>(Send(command));

    internal RegistryProtocol.Refused SendRefused(RegistryProtocol.ICommand command) =>
        Assert.IsType<RegistryProtocol.Refused>(Send(command));

    internal RegistryProtocol.Accepted Register(string url, params string[] models) => Register(Make.Spec(url, models));

    internal RegistryProtocol.Accepted Register(WorkerSpec spec) =>
        SendAccepted(new RegistryProtocol.Register(spec, WorkerOrigin.Api));

    internal WorkerEntry Entry(WorkerId id) => Current.Workers[id];

    internal Worker[] ReadyFor(string model) =>
        Current.FindModel(System.Text.Encoding.UTF8.GetBytes(model)) is { } found ? found.Ready.ToArray() : [];
}
