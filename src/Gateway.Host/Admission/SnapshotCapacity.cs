using Gateway.Actors.Registry;

namespace Gateway.Host.Admission;

/// <summary>The sum of what the model's ready workers have told of themselves.</summary>
internal sealed class SnapshotCapacity : ICapacitySource
{
    public int? CapacityOf(ModelSnapshot model)
    {
        var sum = 0L;
        foreach (var worker in model.Regular)
        {
            if (worker.Facts.MaxRunningRequests is not { } most)
                return null;
            sum += most;
        }

        return sum == 0 ? null : (int)Math.Min(sum, int.MaxValue);
    }
}
