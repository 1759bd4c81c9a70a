using System.Text.Json.Nodes;

namespace Gateway.Host.Commands;

/// <summary>Something that happened to a worker between two looks.</summary>
/// <param name="Event"><c>added</c>, <c>changed</c> or <c>removed</c>.</param>
/// <param name="Worker">As it is, or was last.</param>
/// <param name="Before">Its status before, of one that has changed.</param>
internal sealed record WorkerChange(string Event, WorkerRow Worker, string? Before = null)
{
    public static IEnumerable<WorkerChange> Between(IReadOnlyList<WorkerRow> before, IReadOnlyList<WorkerRow> now)
    {
        var known = before.ToDictionary(static worker => worker.Id);
        foreach (var worker in now)
        {
            if (!known.Remove(worker.Id, out var earlier))
                yield return new WorkerChange("added", worker);
            else if (Story(earlier) != Story(worker))
                yield return new WorkerChange("changed", worker, earlier.Status);
        }

        foreach (var gone in known.Values)
            yield return new WorkerChange("removed", gone);
    }

    public JsonObject ToJson() => new()
    {
        ["event"] = Event,
        ["before"] = Before,
        ["worker"] = Worker.Json.DeepClone(),
    };

    public override string ToString()
    {
        var status = Before is not null && Before != Worker.Status ? $"{Before} -> {Worker.Status}" : Worker.Status;
        var breaker = Worker.Breaker is "closed" or "" ? "" : $", breaker {Worker.Breaker}";
        var reason = Worker.Reason.Length > 0 ? $": {Worker.Reason}" : "";
        return Event == "removed" ? $"removed {Worker.Url}" : $"{Event} {Worker.Url} {status}{breaker}{reason}";
    }

    /// <summary>What makes a line. Loads change all the time; <c>gateway top</c> shows them.</summary>
    private static (string, string, string, string, string) Story(WorkerRow worker) =>
        (worker.Status, worker.Reason, worker.Breaker, $"{worker.Json["epoch"]}", $"{worker.Json["revision"]}");
}
