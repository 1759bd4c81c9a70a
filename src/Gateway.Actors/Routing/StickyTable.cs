using System.Collections.Concurrent;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// Which workers a session is on, for all models together: a bounded map from the hash of a routing key to at most two workers.
/// Cut into shards with a lock each, which is held for the length of one pick.
/// </summary>
internal sealed class StickyTable
{
    private const int ShardCount = 64;

    private readonly StickyShard[] _shards;
    private readonly SessionCounts _sessions = new();
    private long _lastOwner;

    public StickyTable(ManualSettings settings, TimeProvider time)
    {
        var capacity = (int)Math.Clamp(settings.TableBytes / StickyShard.BytesPerSession / ShardCount, 1, StickyShard.LargestCapacity);
        var maxIdle = (long)(settings.MaxIdle.TotalSeconds * time.TimestampFrequency);
        _shards = new StickyShard[ShardCount];
        for (var i = 0; i < ShardCount; i++)
            _shards[i] = new StickyShard(capacity, maxIdle, _sessions);
    }

    /// <summary>Sessions in the table, those that are idle for too long but not yet overwritten included.</summary>
    public int Count => _shards.Sum(static shard => shard.Count);

    /// <summary>Most sessions there can be.</summary>
    public int Capacity => _shards.Sum(static shard => shard.Capacity);

    /// <summary>Memory that the sessions take up.</summary>
    public long Bytes => _shards.Sum(static shard => shard.Bytes);

    /// <summary>A number that keeps the sessions of one policy apart from those of another; used as the seed of their hashes.</summary>
    public long NewOwner() => Interlocked.Increment(ref _lastOwner);

    public StickyShard ShardOf(UInt128 key) => _shards[(int)(ulong)(key >> 64) & (ShardCount - 1)];

    /// <summary>Sessions on this worker, of all models.</summary>
    public int SessionsOn(WorkerId id) => _sessions.Of(id);

    /// <summary>Counts sessions by worker. A worker is in it for as long as it has sessions.</summary>
    internal sealed class SessionCounts
    {
        private readonly ConcurrentDictionary<WorkerId, int> _counts = new();

        public int Of(WorkerId id) => _counts.GetValueOrDefault(id);

        public void Add(WorkerId id) => _counts.AddOrUpdate(id, static _ => 1, static (_, count) => count + 1);

        public void Remove(WorkerId id)
        {
            if (id == default)
                return;
            if (_counts.AddOrUpdate(id, static _ => 0, static (_, count) => count - 1) <= 0)
                _counts.TryRemove(KeyValuePair.Create(id, 0));
        }
    }
}
