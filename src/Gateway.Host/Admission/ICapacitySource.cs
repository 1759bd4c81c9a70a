using Gateway.Actors.Registry;

namespace Gateway.Host.Admission;

/// <summary>Says how many requests workers run at once. More would only wait, in the engines instead of in the gateway.</summary>
internal interface ICapacitySource
{
    /// <summary>Of the ready workers of a model.</summary>
    /// <returns>Null if there are none, or one of them has not told.</returns>
    int? CapacityOf(ModelSnapshot model);

    /// <summary>Of all ready workers together, each counted once, however many models it serves.</summary>
    /// <returns>Null if there are none, or one of them has not told.</returns>
    int? CapacityOf(RegistrySnapshot fleet);
}
