using Gateway.Host.Configuration;

namespace Gateway.Host.Commands;

/// <summary>Finds the worker that an operator names: by its id, by the beginning of its id as tables show it, or by its URL.</summary>
internal static class WorkerWords
{
    /// <summary>Shorter ones are slips.</summary>
    private const int ShortestBeginning = 4;

    public const string Description = "A worker's id, the beginning of its id, or its URL.";

    public static async Task<WorkerRow> FindAsync(ControlPlaneClient gateway, string word, CancellationToken cancellation)
    {
        var workers = WorkerRow.ListOf(await gateway.GetAsync("/workers", cancellation));
        WorkerRow[] found = [.. workers.Where(worker => worker.Id == word || worker.Url == word.TrimEnd('/'))];
        if (found.Length == 0 && word.Length >= ShortestBeginning)
            found = [.. workers.Where(worker => worker.Id.StartsWith(word, StringComparison.Ordinal))];
        return found switch
        {
            [var one] => one,
            [] => throw new CommandFailure(
                ExitCode.Refused,
                $"no worker is called '{word}'{DidYouMean.Hint(word, workers.Select(static worker => worker.Url))}; see gateway workers list",
                "WORKER_NOT_FOUND"),
            _ => throw new CommandFailure(ExitCode.Refused, $"'{word}' begins the ids of {found.Length} workers; give more of it"),
        };
    }
}
