using System.IO.Hashing;
using System.Text;
using Gateway.Actors.Routing.Prefixes;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing.Peers;

/// <summary>
/// To and from the prefix indexes of one model in the other gateways. A model has an index for each role that has a policy of its own; a
/// worker is in one of them.
/// </summary>
/// <param name="sharing">The gateway's.</param>
/// <param name="number">The model's, in this gateway.</param>
/// <param name="model">Its canonical id.</param>
internal sealed class PlacementChannel(PrefixSharing sharing, int number, string model)
{
    private readonly Lock _gate = new();
    private volatile PromptIndex[] _indexes = [];

    public string Model { get; } = model;

    /// <summary>Equal pages have equal keys in all gateways.</summary>
    public PageHash Hash => sharing.Hash;

    /// <summary>Keeps models apart, as the salt of an index does that is alone.</summary>
    public ulong Salt { get; } = sharing.Hash.Chain(0, XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(model)));

    /// <summary>Called by requests: a prompt was sent to a worker that was not known to have these pages.</summary>
    public void Tell(WorkerId worker, ReadOnlySpan<ulong> keys)
    {
        if (!keys.IsEmpty)
            sharing.Log.Write(number, worker, keys);
    }

    /// <returns>False if no index knows the worker.</returns>
    public bool Learn(WorkerId worker, ReadOnlySpan<ulong> keys)
    {
        foreach (var index in _indexes)
        {
            if (index.Learn(worker, keys))
                return true;
        }

        return false;
    }

    public void Join(PromptIndex index)
    {
        lock (_gate)
        {
            if (!_indexes.Contains(index))
                _indexes = [.. _indexes, index];
        }
    }

    public void Leave(PromptIndex index)
    {
        lock (_gate)
            _indexes = [.. _indexes.Where(other => other != index)];
    }
}
