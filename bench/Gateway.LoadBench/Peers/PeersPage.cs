using System.Globalization;
using System.Text;
using Gateway.LoadBench.Charts;
using Gateway.LoadBench.Run;

namespace Gateway.LoadBench.Peers;

/// <summary>The page that a run leaves behind, and which charts go with it.</summary>
internal sealed class PeersPage(
    Figures figures,
    IReadOnlyList<Contestant> contestants,
    IReadOnlyList<IdleCost> idle,
    IReadOnlyList<string> leftOut,
    LoadBenchOptions options,
    string machine,
    bool isBusy,
    string[] args)
{
    /// <summary>Runs of fewer or shorter rounds say so.</summary>
    private const int FewestRounds = 4;

    private const double ShortestRound = 1;

    public IReadOnlyList<(string File, string Title, IReadOnlyList<Panel> Panels)> Charts { get; } =
        new PeersCharts(figures, contestants, options).All();

    public string Text()
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # The gateway and its peers

            This page and its charts are written by the bench, all of them in one run; whoever changes them by hand loses that at the next one.
            How figures are taken, and why: [benchmarks](../benchmarks.md#next-to-its-peers).

            ```
            dotnet run -c Release --project bench/Gateway.LoadBench -- {string.Join(' ', Command())}
            ```

            {machine}. Every server, the simulated workers and the client share this one machine, so that requests/s are what the last two leave to a
            contestant. {options.Rounds} rounds of {options.Seconds} s for each measurement; within a round the contestants take turns. A figure is the median over the rounds,
            with the least and the most in parentheses; × is a ratio of CPU times, taken within a round.


            """);
        if (isBusy)
            page.Append("**Other programs kept the machine busy**: orders of magnitude and ratios of CPU time count, latencies and requests/s hardly do.\n\n");
        if (options.Rounds < FewestRounds || options.Seconds < ShortestRound)
            page.Append("**A quick run**: too short for differences of some percent.\n\n");
        foreach (var missing in leftOut)
            page.Append(CultureInfo.InvariantCulture, $"**{missing}.**\n\n");
        AppendContestants(page);
        new PeersTables(figures, contestants, idle, Charts, options).AppendTo(page);
        return page.ToString();
    }

    /// <summary>Without where the page went, which is nobody's business.</summary>
    private IEnumerable<string> Command() => args.Where((arg, index) => arg != "--output" && (index == 0 || args[index - 1] != "--output"));

    private void AppendContestants(StringBuilder page)
    {
        page.Append("| contestant | version | set up | looks at |\n|---|---|---|---|\n");
        foreach (var one in contestants)
            page.Append(CultureInfo.InvariantCulture, $"| {one.Title} | {one.Version} | {one.Setting} | {one.Reads} |\n");
        page.Append('\n');
    }
}
