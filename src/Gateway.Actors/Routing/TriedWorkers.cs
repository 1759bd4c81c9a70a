using System.Runtime.CompilerServices;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>The workers a request is not to be sent to, since it has failed on them; at most <see cref="Capacity"/>; lives in the request, on no heap.</summary>
public struct TriedWorkers
{
    public const int Capacity = 16;

    private static readonly TriedWorkers[] Untouched = new TriedWorkers[1];

    private Ids _ids;
    private int _count;

    /// <summary>Of a request that has failed on none. By reference, since a copy costs some hundred bytes.</summary>
    public static ref readonly TriedWorkers None => ref Untouched[0];

    public readonly int Count => _count;

    /// <summary>Adds a worker; beyond the capacity it is not remembered.</summary>
    public void Add(WorkerId id)
    {
        if (_count < Capacity)
            _ids[_count++] = id;
    }

    public readonly bool Contains(WorkerId id)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_ids[i] == id)
                return true;
        }

        return false;
    }

    [InlineArray(Capacity)]
    private struct Ids
    {
        private WorkerId _first;
    }
}
