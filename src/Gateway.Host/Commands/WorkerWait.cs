using Gateway.Host.Configuration;

namespace Gateway.Host.Commands;

/// <summary>Waits until a worker is as it should be, by looking again and again.</summary>
internal static class WorkerWait
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    /// <summary>Longer ones are slips.</summary>
    private const double LongestSeconds = 86_400;

    /// <summary>A wait as it was typed.</summary>
    public static TimeSpan Limit(string flag, double seconds) => seconds is >= 0 and <= LongestSeconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new CommandFailure(ExitCode.WrongUsage, $"{flag}: must be 0 to {LongestSeconds} seconds");

    /// <param name="gateway">Is asked.</param>
    /// <param name="id">The worker's.</param>
    /// <param name="isDone">Is given null when the worker is gone.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="cancellation">Of the command.</param>
    /// <returns>What <paramref name="isDone"/> was content with.</returns>
    public static async Task<WorkerRow?> UntilAsync(
        ControlPlaneClient gateway, string id, Func<WorkerRow?, bool> isDone, TimeSpan limit, CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var worker = WorkerRow.ListOf(await gateway.GetAsync("/workers", cancellation)).FirstOrDefault(worker => worker.Id == id);
            if (isDone(worker))
                return worker;
            if (TimeProvider.System.GetElapsedTime(start) >= limit)
                throw new CommandFailure(ExitCode.Refused, $"waited {limit.TotalSeconds:0.#} s in vain: {(worker is null ? "the worker is gone" : $"{worker.Url} is {worker.Status} {worker.Reason}".TrimEnd())}");
            await Task.Delay(Interval, cancellation);
        }
    }
}
