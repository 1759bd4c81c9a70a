using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// Consistent hashing (Karger et al., 1997): each worker stands at <see cref="PointsPerWorker"/> points of a ring, and a key belongs to
/// the first worker clockwise of it. One worker more or less moves about 1/n of the keys. Immutable. Points depend on the worker's place
/// alone, so that several gateways, and a gateway after its restart, agree.
/// </summary>
internal sealed class HashRing
{
    /// <summary>Shares then differ by about 1/√150 = 8 %. The reference gateway's number.</summary>
    public const int PointsPerWorker = 150;

    private readonly ulong[] _points;
    private readonly int[] _owners;
    private readonly WorkerId[] _members;

    private HashRing(ulong[] points, int[] owners, WorkerId[] members)
    {
        _points = points;
        _owners = owners;
        _members = members;
    }

    public static HashRing Empty { get; } = new([], [], []);

    public static ulong KeyOf(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key);

    public static ulong KeyOf(ReadOnlySpan<char> key) => KeyOf(MemoryMarshal.AsBytes(key));

    /// <summary>
    /// The ring of these workers. Points of workers that were there before are kept, not computed and sorted again,
    /// so that a fleet that grows one by one costs a copy of the ring each time and no more.
    /// </summary>
    public HashRing With(ReadOnlySpan<Worker> workers)
    {
        var members = new WorkerId[workers.Length];
        var indexOf = new Dictionary<WorkerId, int>(workers.Length);
        for (var i = 0; i < workers.Length; i++)
        {
            members[i] = workers[i].Id;
            indexOf[members[i]] = i;
        }

        if (members.AsSpan().SequenceEqual(_members))
            return this;
        var moved = new int[_members.Length];
        var isNew = new bool[workers.Length];
        Array.Fill(isNew, true);
        for (var i = 0; i < moved.Length; i++)
        {
            moved[i] = indexOf.GetValueOrDefault(_members[i], -1);
            if (moved[i] >= 0)
                isNew[moved[i]] = false;
        }

        var (newPoints, newOwners) = PointsOf(workers, isNew);
        return Merge(moved, newPoints, newOwners, members);
    }

    /// <summary>The first eligible candidate clockwise of the key that has fewer than <paramref name="capacity"/> requests in flight.</summary>
    /// <returns>Null if there is none among the members.</returns>
    public Worker? Find(ulong key, ReadOnlySpan<Worker> candidates, in RouteRequest request, int capacity = int.MaxValue)
    {
        var seen = default(Seen);
        var left = _members.Length;
        var at = FirstAtOrAfter(key);
        for (var step = 0; step < _points.Length && left > 0; step++, at++)
        {
            if (at == _points.Length)
                at = 0;
            var member = _owners[at];
            if (!seen.Add(member))
                continue;
            left--;
            if (CandidateOf(member, candidates) is { } worker && request.IsEligible(worker) && worker.TotalLoad < capacity)
                return worker;
        }

        return null;
    }

    /// <summary>Nearly always at the same index; the ring may be one publication ahead of the candidates.</summary>
    private Worker? CandidateOf(int member, ReadOnlySpan<Worker> candidates)
    {
        var id = _members[member];
        if (member < candidates.Length && candidates[member].Id == id)
            return candidates[member];
        return CandidateList.Find(candidates, id);
    }

    private int FirstAtOrAfter(ulong key)
    {
        var at = Array.BinarySearch(_points, key);
        return at >= 0 ? at : ~at;
    }

    private static (ulong[] Points, int[] Owners) PointsOf(ReadOnlySpan<Worker> workers, bool[] wanted)
    {
        var count = wanted.Count(static isWanted => isWanted) * PointsPerWorker;
        var points = new ulong[count];
        var owners = new int[count];
        var next = 0;
        for (var i = 0; i < workers.Length; i++)
        {
            if (!wanted[i])
                continue;
            var place = MemoryMarshal.AsBytes(workers[i].Spec.Url.Place.AsSpan());
            for (var point = 0; point < PointsPerWorker; point++, next++)
                (points[next], owners[next]) = (XxHash3.HashToUInt64(place, seed: point + 1), i);
        }

        Array.Sort(points, owners);
        return (points, owners);
    }

    /// <summary>This ring's points, but those whose member moved to -1, and the new ones, in order.</summary>
    private HashRing Merge(int[] moved, ulong[] newPoints, int[] newOwners, WorkerId[] members)
    {
        var points = new ulong[members.Length * PointsPerWorker];
        var owners = new int[points.Length];
        var added = 0;
        var next = 0;
        for (var i = 0; i < _points.Length; i++)
        {
            if (moved[_owners[i]] < 0)
                continue;
            for (; added < newPoints.Length && newPoints[added] < _points[i]; added++, next++)
                (points[next], owners[next]) = (newPoints[added], newOwners[added]);
            (points[next], owners[next]) = (_points[i], moved[_owners[i]]);
            next++;
        }

        newPoints.AsSpan(added).CopyTo(points.AsSpan(next));
        newOwners.AsSpan(added).CopyTo(owners.AsSpan(next));
        return new HashRing(points, owners, members);
    }

    /// <summary>Which members were met on the way, on the stack. Those beyond its size may be met again, which only costs time.</summary>
    [InlineArray(Words)]
    private struct Seen
    {
        private const int Words = 16;
        private ulong _first;

        /// <returns>False if it was met before.</returns>
        public bool Add(int member)
        {
            var word = member >> 6;
            if (word >= Words)
                return true;
            var bit = 1UL << (member & 63);
            if ((this[word] & bit) != 0)
                return false;
            this[word] |= bit;
            return true;
        }
    }
}
