using Gateway.Actors.Registry;

namespace Gateway.Host.Admission;

/// <summary>Says how many requests a model's workers run at once. More would only wait, in the engines instead of in the gateway.</summary>
internal interface ICapacitySource
{
    /// <returns>Null if it is not known of every worker.</returns>
    int? CapacityOf(ModelSnapshot model);
}
