using Akka.Actor;
using CsCheck;
using Gateway.Actors.Discovery.Names;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using Xunit.Abstractions;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Tests.Discovery.Names;

/// <summary>
/// Random histories of answers and failures for two names. Nothing is ever drained that one of the last two answers about some name has, and
/// after two answers more the fleet is what the names have.
/// </summary>
public sealed class DnsConvergenceTests(ITestOutputHelper output) : FleetTestKit(isQuiet: true)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly WorkerName[] Names = [WorkerName.Parse("dns+http://one.test:80"), WorkerName.Parse("dns+http://two.test:80")];

    /// <param name="Name">Which of the two.</param>
    /// <param name="Addresses">Of six, those whose bits are set; none is a failure.</param>
    /// <param name="TimeToLive">In seconds.</param>
    /// <param name="Restarts">Whether discovery breaks, and starts anew.</param>
    private sealed record Happening(int Name, int Addresses, int TimeToLive, bool Restarts);

    private static readonly Gen<Happening> Step = Gen.Select(
        Gen.Int[0, 1], Gen.Frequency((3, Gen.Int[1, 63]), (2, Gen.Const(0))), Gen.Int[0, 20], Gen.Frequency((9, Gen.Const(false)), (1, Gen.Const(true))),
        static (name, addresses, timeToLive, restarts) => new Happening(name, addresses, timeToLive, restarts));

    [Fact]
    public void Whatever_is_answered_two_answers_later_the_fleet_is_what_the_names_have() => Step.Array[1, 25].Sample(
        steps =>
        {
            var now = new Happening[] { new(0, 0, 5, false), new(1, 0, 5, false) };
            var told = new List<int>[] { [], [] };
            var actor = Start(now, told);
            foreach (var step in steps)
            {
                now[step.Name] = step;
                if (step.Restarts)
                {
                    Stop(actor);
                    told[0].Clear();
                    told[1].Clear();
                    actor = Start(now, told);
                }

                var before = Draining();
                Advance(TimeSpan.FromSeconds(2));
                Settle(actor);
                // Only what two answers in a row did not have is drained.
                Assert.DoesNotContain(Draining().Except(before), place => told.Any(answers => answers.TakeLast(2).Any(mask => Places(mask).Contains(place))));
            }

            // Both answer now, and are asked at least twice more.
            now[0] = new Happening(0, steps[0].Addresses | 1, 2, false);
            now[1] = new Happening(1, steps[^1].Addresses, 2, false);
            if (now[1].Addresses == 0)
                now[1] = now[1] with { Addresses = 4 };
            Pass(Interval * 4);
            AwaitAssert(() => Assert.Equal(
                Places(now[0].Addresses | now[1].Addresses).Order(StringComparer.Ordinal),
                Current.Workers.Values.Select(static entry => entry.Worker.Spec.Url.Place).Order(StringComparer.Ordinal)));

            Stop(actor);
            foreach (var id in Current.Workers.Keys)
                SendAccepted(new Remove(id));
        },
        writeLine: output.WriteLine,
        iter: 150,
        threads: 1,
        print: static steps => string.Join("\n", steps.AsEnumerable()));

    private IActorRef Start(Happening[] now, List<int>[] told)
    {
        var settings = new DnsDiscoverySettings([.. Names.Select(static name => new NamedWorkers(name))], Interval, new DnsServers([]))
        {
            Resolve = (name, _) =>
            {
                var index = Array.IndexOf(Names, name);
                var answer = now[index];
                if (answer.Addresses == 0)
                    return Task.FromException<NameAnswer>(new NameUnknownException("no"));
                told[index].Add(answer.Addresses);
                var addresses = Places(answer.Addresses).Select(static place => place.Split(':')[0]).ToArray();
                return Task.FromResult(DnsDiscoveryTests.Answer(TimeSpan.FromSeconds(answer.TimeToLive), addresses, 80));
            },
        };
        return StartHere(DnsDiscoveryActor.Props(Registry, settings));
    }

    /// <summary>Until the question of the source, its commands, and its confirmation are answered.</summary>
    private void Settle(IActorRef actor)
    {
        for (var i = 0; i < 3; i++)
        {
            actor.Tell(new Identify(null), TestActor);
            ExpectMsg<ActorIdentity>();
            Registry.Tell(new GetSnapshot(), TestActor);
            ExpectMsg<RegistrySnapshot>();
        }
    }

    private void Stop(IActorRef actor)
    {
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
    }

    /// <summary>Also those whose drain has ended already.</summary>
    private string[] Draining()
    {
        var here = Current.Workers.Values.Where(static entry => entry.State != WorkerState.Draining).Select(static entry => entry.Worker.Spec.Url.Place);
        return [.. Places(63).Except(here)];
    }

    private static string[] Places(int mask) =>
        [.. Enumerable.Range(0, 6).Where(bit => (mask >> bit & 1) == 1).Select(static bit => $"10.0.0.{bit + 1}:80")];
}
