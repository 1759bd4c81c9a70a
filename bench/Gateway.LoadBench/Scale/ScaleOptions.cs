using System.Globalization;
using Gateway.Actors.Routing;

namespace Gateway.LoadBench.Scale;

/// <param name="Sizes">How many workers the fleets have.</param>
/// <param name="Streams">Open at once, of the last fleet's workers; 0 leaves them out.</param>
/// <param name="IdleSeconds">How long an idle gateway is watched: each worker is probed once a minute.</param>
/// <param name="Seconds">Length of each measurement under load.</param>
/// <param name="Rate">Requests a second of the modest load.</param>
/// <param name="Connections">Of the closed loop.</param>
/// <param name="Policy">The gateway's.</param>
internal sealed record ScaleOptions(int[] Sizes, int Streams, double IdleSeconds, double Seconds, int Rate, int Connections, string Policy)
{
    private static readonly ScaleOptions Default = new([500, 2000, 4000], 10_000, 60, 10, 100, 64, PolicyCatalog.Default);

    /// <summary>Reads the command line; null if it makes no sense.</summary>
    public static ScaleOptions? Parse(ReadOnlySpan<string> args)
    {
        var options = Default;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--quick")
            {
                options = options with { Sizes = [50, 200], Streams = 500, IdleSeconds = 5, Seconds = 2 };
                continue;
            }

            if (i + 1 == args.Length || Apply(options, args[i], args[i + 1]) is not { } applied)
                return null;
            options = applied;
            i++;
        }

        return options;
    }

    public static int Usage()
    {
        Console.Error.WriteLine(
            $"""
            usage: dotnet run -c Release --project bench/Gateway.LoadBench -- scale [options]
              --quick          small fleets, short measurements
              --workers N,N    sizes of the fleets ({string.Join(',', Default.Sizes)})
              --streams N      streams open at once in the last fleet; 0 for none ({Default.Streams})
              --idle S         how long an idle gateway is watched ({Default.IdleSeconds})
              --seconds S      length of each measurement under load ({Default.Seconds})
              --rate N         requests a second of the modest load ({Default.Rate})
              --connections N  closed-loop connections ({Default.Connections})
              --policy NAME    the gateway's policy ({Default.Policy})
            """);
        return 2;
    }

    private static ScaleOptions? Apply(ScaleOptions options, string flag, string value)
    {
        if (flag == "--policy")
            return PolicyCatalog.Contains(value) ? options with { Policy = value } : null;
        var numbers = value.Split(',').Select(static word => double.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : -1).ToArray();
        if (numbers.Any(static number => number < 0))
            return null;
        return flag switch
        {
            "--workers" => options with { Sizes = [.. numbers.Select(static number => (int)number)] },
            "--streams" => options with { Streams = (int)numbers[0] },
            "--idle" => options with { IdleSeconds = numbers[0] },
            "--seconds" => options with { Seconds = numbers[0] },
            "--rate" => options with { Rate = (int)numbers[0] },
            "--connections" => options with { Connections = (int)numbers[0] },
            _ => null,
        };
    }
}
