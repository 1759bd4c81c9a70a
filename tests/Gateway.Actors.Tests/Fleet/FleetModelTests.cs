using CsCheck;
using Xunit.Abstractions;

namespace Gateway.Actors.Tests.Fleet;

/// <summary>
/// Random histories of a fleet against the rules of the design: registrations, edits, removals, probes that answer early and late,
/// crashes of engines and of actors, requests that begin from fresh and old snapshots and end or are cancelled.
/// </summary>
public sealed class FleetModelTests(ITestOutputHelper output)
{
    [Fact]
    public void Whatever_happens_to_a_fleet_the_rules_hold_and_it_heals() =>
        FleetOperation.Generator.Array[1, 60].Sample(
            operations =>
            {
                using var fleet = new FleetUnderTest();
                foreach (var operation in operations)
                    fleet.Do(operation);
                fleet.Settle();
            },
            writeLine: output.WriteLine,
            iter: 150,
            threads: 1,
            print: static operations => string.Join("\n", operations.AsEnumerable()));
}
