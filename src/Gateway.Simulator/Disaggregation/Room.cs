using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Disaggregation;

/// <summary>
/// Keys and values of one prompt on a prefill worker, from its request to their fetching. Whoever opened it disposes of it;
/// if they were not fetched by then, it is abandoned.
/// </summary>
internal sealed class Room : IDisposable
{
    private readonly BootstrapRooms _rooms;
    private readonly SimulatorOptions _options;
    private readonly CancellationTokenSource _closed = new();
    private int _taken;

    public Room(BootstrapRooms rooms, long id, int rank, Generation generation, SimulatorOptions options)
    {
        _rooms = rooms;
        _options = options;
        Id = id;
        Rank = rank;
        Generation = generation;
    }

    public long Id { get; }

    /// <summary>Data-parallel rank that has the keys and values.</summary>
    public int Rank { get; }

    public Generation Generation { get; }

    /// <summary>Takes the keys and values for one decode worker.</summary>
    /// <returns>False if another one has taken them.</returns>
    public bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;

    /// <summary>Fails the generation if nobody fetches its keys and values in time.</summary>
    public async Task ExpireAsync()
    {
        var closed = _closed.Token;
        if (!await Generation.Computed)
            return;
        await Task.Delay(_options.BootstrapTimeout, _options.TimeProvider, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!closed.IsCancellationRequested)
            Generation.Fail($"No decode worker fetched the keys and values of bootstrap room {Id} within {_options.BootstrapTimeout.TotalSeconds} s.");
    }

    public void Dispose()
    {
        _rooms.Close(this);
        _closed.Cancel();
        _closed.Dispose();
    }
}
