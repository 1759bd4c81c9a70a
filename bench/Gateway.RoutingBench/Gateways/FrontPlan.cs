namespace Gateway.RoutingBench.Gateways;

/// <summary>How gateways stand in front of a fleet. Each request comes to one of them by chance, whatever session it is of.</summary>
/// <param name="Gateways">1 or more.</param>
/// <param name="Sharing">What they tell each other.</param>
internal sealed record FrontPlan(int Gateways, Sharing Sharing)
{
    public static FrontPlan Alone { get; } = new(1, Sharing.Nothing);
}

/// <summary>What gateways tell each other, and how they agree.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Loads">How often they tell what they have on each worker; null is never.</param>
/// <param name="Digests">How often they tell what they have placed; null is never.</param>
/// <param name="Agreement">What they do without a word.</param>
/// <param name="IsSmoothed">False takes each report of loads at its word.</param>
internal sealed record Sharing(string Name, TimeSpan? Loads = null, TimeSpan? Digests = null, Agreement Agreement = Agreement.None, bool IsSmoothed = true)
{
    public static Sharing Nothing { get; } = new("nothing shared");

    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _fifth = TimeSpan.FromMilliseconds(200);

    public static IReadOnlyList<Sharing> All { get; } =
    [
        Nothing,
        new("loads as they are 1 s", _second, IsSmoothed: false),
        new("loads 1 s", _second),
        new("home worker, loads 1 s", _second, Agreement: Agreement.HomeWorker),
        new("owner on a ring, loads 1 s", _second, Agreement: Agreement.OwnerGateway),
        new("loads as they are 1 s, digests 200 ms", _second, _fifth, IsSmoothed: false),
        new("digests 200 ms", null, _fifth),
        new("loads 1 s, digests 1 s", _second, _second),
        new("loads 1 s, digests 200 ms", _second, _fifth),
        new("loads 200 ms, digests 200 ms", _fifth, _fifth),
    ];

    /// <summary>What the product does.</summary>
    public static Sharing Delivered { get; } = All.Single(static sharing => sharing.Name == "loads 1 s, digests 1 s");
}

internal enum Agreement
{
    None,

    /// <summary>A request goes on to the gateway that owns its first bytes, and is routed there.</summary>
    OwnerGateway,

    /// <summary>What no index knows is taken to be in the cache of the worker that a hash names, see <see cref="HomeWorkerPolicy"/>.</summary>
    HomeWorker,
}
