using Gateway.Actors.Workers;

namespace Gateway.Host.Api.Admin;

/// <summary>Lays a patch of health settings over those a worker has.</summary>
internal static class HealthMerge
{
    /// <returns>Null if the patch names nothing.</returns>
    public static HealthOverrides? Over(HealthOverrides? patch, HealthOverrides? present) => patch is null || present is null
        ? patch
        : new HealthOverrides
        {
            Interval = patch.Interval ?? present.Interval,
            Timeout = patch.Timeout ?? present.Timeout,
            SuccessThreshold = patch.SuccessThreshold ?? present.SuccessThreshold,
            FailureThreshold = patch.FailureThreshold ?? present.FailureThreshold,
            Disabled = patch.Disabled ?? present.Disabled,
            DrainTimeout = patch.DrainTimeout ?? present.DrainTimeout,
        };
}
