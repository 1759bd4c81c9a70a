using Gateway.Actors.Registry;
using Gateway.Actors.Workers;

namespace Gateway.Host.Admission;

/// <summary>
/// The requests that still run on workers which take no more: they drain, or are not well. They have places in the gateway, but none of
/// those that the ready workers offer, and must not keep anybody from these.
/// </summary>
internal sealed class LeavingLoads
{
    private readonly Dictionary<string, int> _byModel = new(StringComparer.Ordinal);

    private LeavingLoads()
    {
    }

    public int Total { get; private set; }

    public static LeavingLoads In(RegistrySnapshot fleet)
    {
        var loads = new LeavingLoads();
        foreach (var (_, entry) in fleet.Workers)
        {
            if (entry.State != WorkerState.Ready && entry.Worker.Load is > 0 and var load)
                loads.Add(entry.Worker, load);
        }

        return loads;
    }

    /// <summary>Those of workers that serve any model may be any model's.</summary>
    public int Of(string model)
    {
        var load = _byModel.GetValueOrDefault(model);
        return model == ModelCard.Wildcard ? load : load + _byModel.GetValueOrDefault(ModelCard.Wildcard);
    }

    private void Add(Worker worker, int load)
    {
        Total += load;
        foreach (var card in worker.Models)
            _byModel[card.Id] = _byModel.GetValueOrDefault(card.Id) + load;
    }
}
