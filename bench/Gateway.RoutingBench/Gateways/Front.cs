using System.IO.Hashing;
using Gateway.Actors.Routing;
using Gateway.Actors.Routing.Peers;
using Gateway.RoutingBench.Clock;
using Gateway.RoutingBench.Fleet;
using Gateway.RoutingBench.Traces;

namespace Gateway.RoutingBench.Gateways;

/// <summary>The gateways, each with a policy, an index and leases of its own, and what they say to each other.</summary>
internal sealed class Front
{
    /// <summary>From a gateway to another, for a message as for a request.</summary>
    private static readonly TimeSpan _hop = TimeSpan.FromMilliseconds(1);

    /// <summary>Of a prompt, which decide who owns it: 256 tokens.</summary>
    private const int OwnedBytes = 1024;

    /// <summary>Id, requests in flight, pending bytes.</summary>
    private const int BytesOfLoad = 16 + sizeof(int) + sizeof(long);

    private readonly FrontPlan _plan;
    private readonly VirtualTime _time;
    private readonly Dice _dice;
    private readonly PolicyContext[] _contexts;
    private readonly PeerLoads[] _loads;
    private readonly int[] _requests;

    public Front(FrontPlan plan, string policy, RoutingSettings settings, int seed, VirtualTime time)
    {
        (_plan, _time) = (plan, time);
        _dice = Dice.Of(seed, long.MaxValue);
        _requests = new int[plan.Gateways];
        _loads = [.. _requests.Select(_ => new PeerLoads(time, plan.Sharing.IsSmoothed ? PeerLoads.UsualSmoothing : TimeSpan.Zero))];
        _contexts = [.. _requests.Select((_, gateway) => new PolicyContext(settings, new Random(seed + gateway), time)
        {
            Model = "m",
            Sharing = plan.Sharing.Digests is null ? null : new PrefixSharing("bench"u8),
        })];
        Policies =
        [
            .. _contexts.Select(context => plan.Sharing.Agreement == Agreement.HomeWorker
                ? new HomeWorkerPolicy(context)
                : PolicyCatalog.Create(policy, context)),
        ];
    }

    public IReadOnlyList<IRoutingPolicy> Policies { get; }

    /// <summary>By all, to each peer.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Requests of the gateway that had most, to an equal share.</summary>
    public double TopShare => (double)_requests.Max() * _requests.Length / _requests.Sum();

    public void Start(RoutedFleet fleet)
    {
        for (var gateway = 0; gateway < _plan.Gateways && _plan.Gateways > 1; gateway++)
        {
            var from = gateway;
            if (_plan.Sharing.Loads is { } loads)
                Every(loads, from, () => TellLoads(from, fleet));
            if (_plan.Sharing.Digests is { } digests)
                Every(digests, from, () => TellPlaced(from));
        }
    }

    /// <summary>A request comes.</summary>
    /// <param name="wait">Until the gateway has it.</param>
    /// <returns>The gateway that routes it.</returns>
    public int Receive(ReadOnlySpan<byte> prompt, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        var gateway = _plan.Gateways == 1 ? 0 : _dice.Between(0, _plan.Gateways - 1);
        if (_plan.Sharing.Agreement == Agreement.OwnerGateway)
        {
            var owner = (int)(XxHash3.HashToUInt64(prompt[..Math.Min(prompt.Length, OwnedBytes)]) % (ulong)_plan.Gateways);
            wait = owner == gateway ? TimeSpan.Zero : _hop;
            gateway = owner;
        }

        _requests[gateway]++;
        return gateway;
    }

    /// <summary>Not all at the same moment.</summary>
    private void Every(TimeSpan interval, int gateway, Action action)
    {
        _time.After(interval * (gateway + 1) / _plan.Gateways, Go);

        void Go()
        {
            action();
            _time.After(interval, Go);
        }
    }

    private void TellLoads(int from, RoutedFleet fleet)
    {
        var loads = PeerLoad.Of(fleet.CandidatesOf(from));
        BytesSent += (long)loads.Count * BytesOfLoad * (_plan.Gateways - 1);
        ToPeers(from, to =>
        {
            _loads[to].Report(PeerName(from), loads);
            _loads[to].Apply(fleet.CandidatesOf(to));
        });
    }

    private void TellPlaced(int from)
    {
        while (_contexts[from].Sharing!.TakeDigest() is { } digest)
        {
            BytesSent += (long)digest.Length * (_plan.Gateways - 1);
            ToPeers(from, to =>
            {
                if (_contexts[to].Sharing!.Learn(digest) != DigestOutcome.Learned)
                    throw new InvalidOperationException("A digest was refused.");
            });
        }
    }

    private void ToPeers(int from, Action<int> arrive) => _time.After(_hop, () =>
    {
        for (var to = 0; to < _plan.Gateways; to++)
        {
            if (to != from)
                arrive(to);
        }
    });

    private static string PeerName(int gateway) => $"gateway-{gateway}";
}
