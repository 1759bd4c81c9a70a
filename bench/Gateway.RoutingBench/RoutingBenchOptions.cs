using System.Globalization;
using Gateway.Actors.Routing;

namespace Gateway.RoutingBench;

/// <param name="AreGatewaysMany">Puts 1, 2, 4 and 8 gateways in front of one fleet, instead of many policies in front of many.</param>
/// <param name="IsQuick">About a third of the time, and more chance in the figures.</param>
/// <param name="Only">Only traces whose name contains this; null takes all.</param>
/// <param name="Policies">None takes all.</param>
/// <param name="Workers">Only fleets of this size; null takes all.</param>
/// <param name="Seed">Decides everything.</param>
internal sealed record RoutingBenchOptions(bool AreGatewaysMany, bool IsQuick, string? Only, IReadOnlyList<string> Policies, int? Workers, int Seed)
{
    private static readonly RoutingBenchOptions _default = new(false, false, null, [], null, 1);

    /// <summary>Reads the command line; null if it makes no sense.</summary>
    public static RoutingBenchOptions? Parse(string[] args)
    {
        RoutingBenchOptions? options = _default;
        for (var i = 0; i < args.Length && options is not null; i++)
        {
            options = args[i] switch
            {
                "gateways" when i == 0 => options with { AreGatewaysMany = true },
                "--quick" => options with { IsQuick = true },
                _ => i + 1 < args.Length ? Apply(options, args[i], args[++i]) : null,
            };
        }

        return options;
    }

    public static int Usage()
    {
        Console.Error.WriteLine(
            $"""
            usage: dotnet run -c Release --project bench/Gateway.RoutingBench -- [gateways] [options]
              gateways       the cache-aware policy behind 1, 2, 4 and 8 gateways, on 16 workers, instead of all policies behind one
              --quick        shorter runs
              --only TEXT    only traces whose name contains TEXT
              --policy NAME  only this policy; may be repeated
              --workers N    only fleets of N workers: 4, 16 or 64
              --seed N       another load ({_default.Seed})
            """);
        return 2;
    }

    private static RoutingBenchOptions? Apply(RoutingBenchOptions options, string flag, string value)
    {
        var isNumber = int.TryParse(value, CultureInfo.InvariantCulture, out var number);
        return flag switch
        {
            "--only" => options with { Only = value },
            "--policy" when PolicyCatalog.Contains(value) => options with { Policies = [.. options.Policies, value] },
            "--workers" when number is 4 or 16 or 64 => options with { Workers = number },
            "--seed" when isNumber => options with { Seed = number },
            _ => null,
        };
    }
}
