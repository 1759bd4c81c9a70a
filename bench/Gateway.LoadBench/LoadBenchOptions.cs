using System.Globalization;
using Gateway.Actors.Routing;
using Gateway.LoadBench.Run;

namespace Gateway.LoadBench;

/// <param name="Rounds">How often each arm meets each workload; every second round goes through the arms backwards.</param>
/// <param name="Seconds">Length of one measurement.</param>
/// <param name="WarmUp">Seconds for each arm and workload before anything is measured: code that .NET has not yet compiled for good costs a
/// multiple, and compiling it costs as well.</param>
/// <param name="Connections">Of the closed loop for answers in one piece.</param>
/// <param name="Streams">Open at once in the streaming workloads.</param>
/// <param name="Rate">Requests a second of the latency measurement.</param>
/// <param name="Only">Only workloads whose name contains this; null takes all.</param>
/// <param name="Without">Arms to leave out.</param>
/// <param name="Policy">The gateway's.</param>
/// <param name="Against">Policies of further gateways, which are arms of their own.</param>
/// <param name="Fresh">No prompt comes twice: each begins with a number of its own.</param>
/// <param name="Clustered">One more gateway, which is in a cluster, alone.</param>
/// <param name="Measured">One more gateway that somebody reads the metrics of.</param>
/// <param name="Traced">Further gateways that trace none, one in a hundred and all of their requests.</param>
/// <param name="Tokenizer">File of the gateway's tokenizer, where engines take tokens.</param>
/// <param name="Peers">HAProxy and Portkey's gateway too, and nginx with as many processes as there are cores.</param>
/// <param name="StreamRate">Streams a second, where these come at a fixed rate.</param>
/// <param name="Output">Folder of the page and its charts; null for the repository's own.</param>
internal sealed record LoadBenchOptions(
    int Rounds,
    double Seconds,
    double WarmUp,
    int Connections,
    int Streams,
    int Rate,
    string? Only,
    IReadOnlyList<string> Without,
    string Policy,
    IReadOnlyList<string> Against,
    bool Fresh,
    bool Clustered = false,
    bool Measured = false,
    bool Traced = false,
    string? Tokenizer = null,
    bool Peers = false,
    int StreamRate = 50,
    string? Output = null)
{
    private static readonly LoadBenchOptions Default = new(4, 1.6, 4, 16, 48, 150, null, [], PolicyCatalog.Default, [], false);

    /// <summary>The arm that the others are compared with: YARP, or the gateway with the other policy, or the one alone, or without metrics and traces.</summary>
    public string? Baseline => !Without.Contains(Arm.Yarp) ? Arm.Yarp
        : Against is [var first, ..] ? Arm.GatewayWith(first)
        : Clustered || Measured || Traced ? Arm.Gateway
        : null;

    /// <summary>Reads the command line; null if it makes no sense.</summary>
    public static LoadBenchOptions? Parse(string[] args)
    {
        var options = Default;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--quick")
            {
                options = options with { Rounds = 2, Seconds = 0.5, WarmUp = 0.5 };
                continue;
            }

            if (args[i] == "--fresh")
            {
                options = options with { Fresh = true };
                continue;
            }

            if (args[i] == "--clustered")
            {
                options = options with { Clustered = true };
                continue;
            }

            if (args[i] == "--metrics")
            {
                options = options with { Measured = true };
                continue;
            }

            if (args[i] == "--traced")
            {
                options = options with { Traced = true };
                continue;
            }

            if (i + 1 == args.Length)
                return null;
            var value = args[++i];
            var applied = Apply(options, args[i - 1], value);
            if (applied is null)
                return null;
            options = applied;
        }

        return options;
    }

    public static int Usage()
    {
        Console.Error.WriteLine(
            $"""
            usage: dotnet run -c Release --project bench/Gateway.LoadBench -- [peers|overload|grpc|scale] [options]
              peers            next to YARP, nginx, HAProxy and Portkey's gateway; writes a page with charts
              overload         a full gateway instead: what the admitted and the refused wait; --quick, --rounds and --seconds count
              grpc             engines over gRPC against the same engines over HTTP; needs --tokenizer
              scale            thousands of workers, thousands of streams; has options of its own, which 'scale --help' lists
              --quick          two short rounds
              --rounds N       rounds ({Default.Rounds})
              --seconds S      length of one measurement ({Default.Seconds})
              --warm-up S      before the first measurement, for each arm and workload ({Default.WarmUp})
              --connections N  closed-loop connections for answers in one piece ({Default.Connections})
              --streams N      streams open at once ({Default.Streams})
              --rate N         requests a second of the latency measurement ({Default.Rate})
              --stream-rate N  streams a second of the peers' latency measurement ({Default.StreamRate})
              --output FOLDER  where the peers' page and charts go (docs/benchmarks)
              --only TEXT      only workloads whose name contains TEXT
              --without ARM    leave an arm out: yarp, nginx, haproxy, portkey
              --policy NAME    the gateway's policy ({Default.Policy})
              --against NAME   one more gateway, with this policy; without yarp, ratios are to the first of these
              --clustered      one more gateway, which is in a cluster; without yarp, ratios are to the one that is not
              --metrics        one more gateway, with metrics; without yarp, ratios are to the one that has none
              --traced         more gateways, which trace none, one in a hundred and all of their requests; ratios as with --metrics
              --tokenizer FILE a tokenizer.json
              --fresh          no prompt comes twice; else each prompt has been seen before
            """);
        return 2;
    }

    private static LoadBenchOptions? Apply(LoadBenchOptions options, string flag, string value)
    {
        if (flag == "--only")
            return options with { Only = value };
        if (flag == "--tokenizer")
            return options with { Tokenizer = value };
        if (flag == "--output")
            return options with { Output = value };
        if (flag == "--without")
            return options with { Without = [.. options.Without, value] };
        if (flag is "--policy" or "--against")
        {
            return !PolicyCatalog.Contains(value)
                ? null
                : flag == "--policy" ? options with { Policy = value } : options with { Against = [.. options.Against, value] };
        }

        if (!double.TryParse(value, CultureInfo.InvariantCulture, out var number) || number <= 0)
            return null;
        return flag switch
        {
            "--rounds" => options with { Rounds = (int)number },
            "--seconds" => options with { Seconds = number },
            "--warm-up" => options with { WarmUp = number },
            "--connections" => options with { Connections = (int)number },
            "--streams" => options with { Streams = (int)number },
            "--stream-rate" => options with { StreamRate = (int)number },
            "--rate" => options with { Rate = (int)number },
            _ => null,
        };
    }
}
