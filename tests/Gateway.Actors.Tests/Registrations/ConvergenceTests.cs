using CsCheck;
using Xunit.Abstractions;

namespace Gateway.Actors.Tests.Registrations;

/// <summary>Random histories of three gateways that hear of each other's registrations, late, or not at all for a while.</summary>
public sealed class ConvergenceTests(ITestOutputHelper output)
{
    private const int Gateways = 3;
    private static readonly string[] Urls = ["http://a:1", "http://b:1"];

    private static readonly Gen<Step> Edits = Gen.Select(
        Gen.Int[0, Gateways - 1], Gen.Int[0, Urls.Length - 1], Gen.Int[0, 3], Gen.Int[1, 99],
        static (gateway, url, what, priority) => new Step((StepKind)what, gateway, Urls[url], priority));

    private static readonly Gen<Step> All = Gen.Frequency(
        (6, Edits),
        (3, Gen.Int[0, Gateways - 1].Select(static gateway => new Step(StepKind.Cut, gateway))),
        (3, Gen.Int[0, Gateways - 1].Select(static gateway => new Step(StepKind.Heal, gateway))),
        (1, Gen.Int[0, Gateways - 1].Select(static gateway => new Step(StepKind.RestartKeeper, gateway))),
        (3, Gen.Const(new Step(StepKind.Settle))));

    private enum StepKind
    {
        Register,
        Edit,
        Drain,
        Remove,
        Cut,
        Heal,
        RestartKeeper,
        Settle,
    }

    [Fact]
    public void Whatever_happens_while_they_are_apart_gateways_agree_once_they_hear_each_other() =>
        All.Array[1, 30].Sample(
            static steps => Run(steps, static gateways =>
            {
                Assert.Equal(gateways[0].Fleet, gateways[1].Fleet);
                Assert.Equal(gateways[0].Fleet, gateways[2].Fleet);
                // Nothing is lost but what an operator took away.
                var registered = gateways[0].Replica.ByPlace.Values.Where(static registration => registration.Spec is not null);
                Assert.Equal(registered.Select(static registration => $"{registration.Url} {registration.Spec!.Priority} r{registration.Revision}").Order(), gateways[0].Fleet);
            }),
            writeLine: output.WriteLine,
            iter: 25,
            threads: 1,
            print: static steps => string.Join("\n", steps.AsEnumerable()));

    [Fact]
    public void While_they_hear_each_other_the_last_word_holds_at_whichever_gateway_it_was_said() =>
        Edits.Array[1, 20].Sample(
            static steps => Run([.. steps.SelectMany(static step => new[] { step, new Step(StepKind.Settle) })], gateways =>
            {
                var expected = LastWords(steps);
                foreach (var gateway in gateways)
                    Assert.Equal(expected, gateway.Fleet.Select(static worker => worker[..worker.LastIndexOf(' ')]));
            }),
            writeLine: output.WriteLine,
            iter: 15,
            threads: 1,
            print: static steps => string.Join("\n", steps.AsEnumerable()));

    /// <summary>The same history on one sheet of paper.</summary>
    private static IEnumerable<string> LastWords(Step[] steps)
    {
        var priorities = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var step in steps)
        {
            var isThere = priorities.ContainsKey(step.Url);
            if (step.Kind == StepKind.Register ? !isThere : step.Kind == StepKind.Edit && isThere)
                priorities[step.Url] = step.Priority;
            else if (step.Kind is StepKind.Drain or StepKind.Remove)
                priorities.Remove(step.Url);
        }

        return priorities.Select(static pair => $"{pair.Key} {pair.Value}");
    }

    private static void Run(Step[] steps, Action<GatewayUnderTest[]> judge)
    {
        var gateways = new GatewayUnderTest[Gateways];
        try
        {
            for (var i = 0; i < Gateways; i++)
                gateways[i] = new GatewayUnderTest();
            var isCut = new bool[Gateways];
            foreach (var step in steps)
            {
                Do(step, gateways, isCut);
                Exchange(gateways, isCut);
            }

            Settle(gateways, new bool[Gateways]);
            judge(gateways);
        }
        finally
        {
            foreach (var gateway in gateways)
                gateway?.Dispose();
        }
    }

    private static void Do(Step step, GatewayUnderTest[] gateways, bool[] isCut)
    {
        var gateway = gateways[step.Gateway];
        switch (step.Kind)
        {
            case StepKind.Register:
                gateway.RegisterWorker(step.Url, step.Priority);
                break;
            case StepKind.Edit:
                gateway.Edit(step.Url, step.Priority);
                break;
            case StepKind.Drain or StepKind.Remove:
                gateway.Remove(step.Url, step.Kind == StepKind.Remove);
                break;
            case StepKind.Cut or StepKind.Heal:
                isCut[step.Gateway] = step.Kind == StepKind.Cut;
                break;
            case StepKind.RestartKeeper:
                gateway.RestartKeeper();
                break;
            default:
                Settle(gateways, isCut);
                break;
        }
    }

    private static void Settle(GatewayUnderTest[] gateways, bool[] isCut)
    {
        // What one looks at may be news for the next.
        for (var round = 0; round < 3; round++)
        {
            Exchange(gateways, isCut);
            foreach (var gateway in gateways)
                gateway.Settle();
        }
    }

    private static void Exchange(GatewayUnderTest[] gateways, bool[] isCut)
    {
        for (var from = 0; from < Gateways; from++)
        {
            for (var to = 0; to < Gateways; to++)
            {
                if (from != to && !isCut[from] && !isCut[to])
                    gateways[to].Hear(gateways[from].Replica);
            }
        }
    }

    private sealed record Step(StepKind Kind, int Gateway = 0, string Url = "", int Priority = 0);
}
