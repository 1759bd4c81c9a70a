namespace Gateway.LoadBench.Servers;

/// <summary>Looks at a server's memory while it is measured, seldom enough that looking costs nothing that one could measure.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _end = new();
    private readonly Task<Resident> _watching;

    /// <param name="server">Null if there is none to be watched.</param>
    public MemoryWatch(MeasuredServer? server) =>
        _watching = server is null ? Task.FromResult(Resident.None) : WatchAsync(server.ProcessIds());

    public async Task<Resident> StopAsync()
    {
        await _end.CancelAsync();
        return await _watching;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    private async Task<Resident> WatchAsync(IReadOnlyList<int> processIds)
    {
        var seen = new List<double>();
        do
        {
            seen.Add(ProcessMemory.Resident(processIds));
            await Task.Delay(Interval, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!_end.IsCancellationRequested);

        return new Resident(Median.Of(seen), seen.Max());
    }
}

/// <summary>Memory over a while, in bytes; NaN where there is no server.</summary>
internal readonly record struct Resident(double Median, double Peak)
{
    public static Resident None => new(double.NaN, double.NaN);
}
