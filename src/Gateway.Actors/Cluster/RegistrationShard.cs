using System.IO.Hashing;
using System.Text;
using Akka.DistributedData;
using Gateway.Actors.Registrations;

namespace Gateway.Actors.Cluster;

/// <summary>
/// A part of the registrations as replicated data. There are <see cref="Count"/>, by the workers' places: a change costs one of them, and
/// each fits into a message also with thousands of workers.
/// </summary>
internal sealed class RegistrationShard(RegistrationMap registrations) : IReplicatedData<RegistrationShard>
{
    /// <summary>All gateways must have the same number.</summary>
    public const int Count = 64;

    public static RegistrationShard Empty { get; } = new(RegistrationMap.Empty);

    public RegistrationMap Registrations { get; } = registrations;

    public static IEnumerable<RegistrationShardKey> Keys => Enumerable.Range(0, Count).Select(static number => new RegistrationShardKey(number));

    /// <summary>Where the registration of the worker in this place belongs.</summary>
    public static RegistrationShardKey KeyOf(string place) =>
        new((int)(XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(place)) % Count));

    public RegistrationShard Merge(RegistrationShard other)
    {
        var merged = Registrations.Merge(other.Registrations);
        return merged == Registrations ? this : new RegistrationShard(merged);
    }

    public IReplicatedData Merge(IReplicatedData other) => Merge((RegistrationShard)other);

    public RegistrationShard With(RegistrationMap news) => Merge(new RegistrationShard(news));

    public override bool Equals(object? obj) => obj is RegistrationShard other && Registrations.ByPlace.SequenceEqual(other.Registrations.ByPlace);

    public override int GetHashCode() => Registrations.ByPlace.Count;
}

/// <summary>Names a shard.</summary>
internal sealed class RegistrationShardKey(int number) : Key<RegistrationShard>($"registrations-{number}");
