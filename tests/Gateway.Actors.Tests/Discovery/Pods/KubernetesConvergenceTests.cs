using Akka.TestKit.Xunit2;
using CsCheck;
using Gateway.Actors.Workers;
using Xunit.Abstractions;

namespace Gateway.Actors.Tests.Discovery.Pods;

/// <summary>
/// Random histories of pods and of what goes wrong between the API server and the gateway. Afterwards the server answers two lists more,
/// which is what two intervals bring, and the fleet must be the pods there are.
/// </summary>
public sealed class KubernetesConvergenceTests(ITestOutputHelper output)
    : TestKit("akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }")
{
    /// <summary>Long enough for a list on a busy machine; no test waits for it unless a watch has died.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private enum Happening
    {
        Come,
        Ready,
        Unready,
        Terminate,
        Evict,
        Delete,
        LoseLabel,
        GetLabel,
        ComeAtUsedAddress,
        LoseEvents,
        TellEventsAgain,
        EndWatches,
        BreakWatches,
        Compact,
        SayGone,
        RepeatBackwards,
        Bookmark,
        Refuse,
        Heal,
        LetItSettle,
    }

    private static readonly Gen<(Happening What, int Which)> Step =
        Gen.Select(Gen.Enum<Happening>(), Gen.Int[0, 5], static (what, which) => (what, which));

    [Fact]
    public async Task Whatever_happens_two_lists_later_the_fleet_is_the_pods_there_are() =>
        await Step.Array[1, 40].SampleAsync(
            async steps =>
            {
                await using var test = await PodDiscoveryUnderTest.StartAsync(Sys);
                test.Follow(Interval);
                test.Follow(Interval, WorkerRole.Prefill, "prefill");
                var created = 0;
                foreach (var (what, which) in steps)
                    await DoAsync(test, what, which, ++created);

                test.Server.LosesEvents = false;
                test.Server.RefusesWith = null;
                test.Server.AllowLists(2);
                test.Server.SayGone();
                await test.SeesAsync(Expected(test.Server.All()));
                foreach (var entry in test.View.Current.Workers.Values)
                {
                    var pod = test.Server.Find(entry.Worker.Spec.Labels[Gateway.Actors.Discovery.Pods.PodReader.UidLabel]!)!;
                    Assert.Equal(pod.App == "prefill" ? WorkerRole.Prefill : WorkerRole.Regular, entry.Worker.Spec.Role);
                }
            },
            writeLine: output.WriteLine,
            iter: 60,
            threads: 1,
            print: static steps => string.Join("\n", steps.AsEnumerable()));

    private static async Task DoAsync(PodDiscoveryUnderTest test, Happening what, int which, int created)
    {
        var server = test.Server;
        var pods = server.All();
        var pod = pods.Length == 0 ? null : pods[which % pods.Length];
        switch (what)
        {
            case Happening.Come:
                server.Put(new PodRecord($"u{created}", $"10.0.0.{created}") { Created = created, IsReady = which > 1, App = which % 2 == 0 ? "llama" : "prefill" });
                break;
            case Happening.Ready when pod is not null:
                server.Put(pod with { IsReady = true });
                break;
            case Happening.Unready when pod is not null:
                server.Put(pod with { IsReady = false });
                break;
            case Happening.Terminate when pod is not null:
                server.Put(pod with { IsTerminating = true });
                break;
            case Happening.Evict when pod is not null:
                server.Put(pod with { Phase = "Failed" });
                break;
            case Happening.Delete when pod is not null:
                server.Delete(pod.Uid);
                break;
            case Happening.LoseLabel when pod is not null:
                server.Put(pod with { App = "other" });
                break;
            case Happening.GetLabel when pod is not null:
                server.Put(pod with { App = which % 2 == 0 ? "llama" : "prefill" });
                break;
            case Happening.ComeAtUsedAddress when pod is not null:
                // Its address is free when it has gone or ended.
                if (which % 2 == 0)
                    server.Delete(pod.Uid);
                else
                    server.Put(pod with { Phase = "Failed" });
                server.Put(new PodRecord($"u{created}", pod.Ip) { Created = created, App = pod.App });
                break;
            case Happening.LoseEvents:
                server.LosesEvents = true;
                break;
            case Happening.TellEventsAgain:
                server.LosesEvents = false;
                break;
            case Happening.EndWatches:
                server.DropWatches();
                break;
            case Happening.BreakWatches:
                server.DropWatches(abruptly: true);
                break;
            case Happening.Compact:
                server.Compact();
                break;
            case Happening.SayGone:
                server.SayGone();
                break;
            case Happening.RepeatBackwards:
                server.RepeatBackwards(which + 2);
                break;
            case Happening.Bookmark:
                server.Bookmark();
                break;
            case Happening.Refuse:
                server.RefusesWith = 500;
                break;
            case Happening.Heal:
                server.RefusesWith = null;
                break;
            case Happening.LetItSettle when server.RefusesWith is null:
                await test.WatchesAsync(2);
                break;
        }
    }

    private static IEnumerable<string> Expected(PodRecord[] pods) => pods
        .Where(static pod => pod is { IsReady: true, IsTerminating: false, Phase: "Running", App: "llama" or "prefill" })
        .GroupBy(static pod => pod.Ip)
        .Select(static group => group.MaxBy(static pod => pod.Created)!)
        .Select(static pod => $"{pod.Ip}:80 {pod.Uid}");
}
