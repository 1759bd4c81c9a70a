using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>Finds a worker among candidates by its identity, which survives edits and re-births.</summary>
internal static class CandidateList
{
    public static Worker? Find(ReadOnlySpan<Worker> candidates, WorkerId id)
    {
        foreach (var worker in candidates)
        {
            if (worker.Id == id)
                return worker;
        }

        return null;
    }
}
