using System.Collections.Immutable;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Admission;

/// <summary>What a fleet runs at once, by what its workers say.</summary>
public sealed class SnapshotCapacityTests
{
    private readonly SnapshotCapacity _capacity = new(new GatewayOptions());
    private int _made;

    [Fact]
    public void It_is_the_sum_over_the_ready_workers() => Assert.Equal(7, _capacity.CapacityOf(Model("m", Make(3), Make(4))));

    [Fact]
    public void It_is_not_known_without_workers_or_if_one_of_them_does_not_tell()
    {
        Assert.Null(_capacity.CapacityOf(Model("m")));
        Assert.Null(_capacity.CapacityOf(Model("m", Make(3), Make(null))));
        Assert.Null(_capacity.CapacityOf(Fleet(Model("m", Make(3)), Model("n", Make(null)))));
        Assert.Null(_capacity.CapacityOf(RegistrySnapshot.Empty));
    }

    [Fact]
    public void Pairs_run_what_their_decode_workers_run()
    {
        var decode = Make(8, WorkerRole.Decode);
        Assert.Equal(8, _capacity.CapacityOf(Model("m", Make(2, WorkerRole.Prefill), decode)));
        Assert.Equal(8, _capacity.CapacityOf(Model("m", Make(null, WorkerRole.Prefill), decode)));
        Assert.Null(_capacity.CapacityOf(Model("m", Make(2, WorkerRole.Prefill), decode, Make(null, WorkerRole.Decode))));
    }

    [Fact]
    public void Half_a_pair_runs_nothing_and_leaves_the_model_to_its_regular_workers()
    {
        Assert.Null(_capacity.CapacityOf(Model("m", Make(8, WorkerRole.Decode))));
        Assert.Equal(3, _capacity.CapacityOf(Model("m", Make(8, WorkerRole.Decode), Make(3))));
    }

    [Fact]
    public void A_worker_counts_once_for_the_gateway_however_many_models_it_serves()
    {
        var (shared, any) = (Make(5), Make(7));
        Assert.Equal(15, _capacity.CapacityOf(Fleet(Model("m", shared, any), Model("n", shared, Make(3), any), Model("*", any))));
    }

    [Fact]
    public void It_may_be_ignored()
    {
        var capacity = new SnapshotCapacity(new GatewayOptions { Limits = new LimitOptions { IgnoreWorkerCapacity = true } });
        Assert.Null(capacity.CapacityOf(Model("m", Make(3))));
        Assert.Null(capacity.CapacityOf(Fleet(Model("m", Make(3)))));
    }

    [Fact]
    public void A_sum_beyond_all_numbers_is_the_largest_one() =>
        Assert.Equal(int.MaxValue, _capacity.CapacityOf(Model("m", Make(int.MaxValue), Make(int.MaxValue))));

    private static ModelSnapshot Model(string id, params Worker[] workers) => new(new ModelCard(id), 1, new RoundRobinPolicy(), workers);

    private static RegistrySnapshot Fleet(params ModelSnapshot[] models) => new(
        1,
        ModelTable.Empty,
        Array.Find(models, static model => model.Card.IsWildcard),
        models.Where(static model => !model.Card.IsWildcard).ToImmutableSortedDictionary(static model => model.Id, static model => model),
        ImmutableDictionary<WorkerId, WorkerEntry>.Empty);

    private Worker Make(int? most, WorkerRole role = WorkerRole.Regular) => new(
        new WorkerId(Guid.NewGuid()),
        ++_made,
        1,
        new WorkerSpec { Url = WorkerUrl.Parse($"http://w:{_made}"), Role = role },
        new WorkerFacts { Mode = ConnectionMode.Http, MaxRunningRequests = most },
        BreakerSettings.Default,
        TimeProvider.System);
}
