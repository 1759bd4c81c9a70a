using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Disaggregation;

/// <summary>The rooms of a prefill worker. Either side may come first: who asks for a room before it is open waits for it.</summary>
internal sealed class BootstrapRooms
{
    // A decode worker that comes late is to be told so at once; in the end it would find out by its own timeout.
    private const int RememberedRooms = 1024;

    private readonly Lock _lock = new();
    private readonly SimulatorOptions _options;
    private readonly Dictionary<long, Room> _open = [];
    private readonly Dictionary<long, List<TaskCompletionSource<Room>>> _awaited = [];
    private readonly HashSet<long> _abandoned = [];
    private readonly Queue<long> _abandonedInOrder = new();

    public BootstrapRooms(SimulatorOptions options) => _options = options;

    public bool IsOpen(long id)
    {
        lock (_lock)
            return _open.ContainsKey(id);
    }

    /// <param name="rank">Data-parallel rank on which the generation runs.</param>
    /// <returns>Null if there is such a room already.</returns>
    public Room? TryOpen(long id, int rank, Generation generation)
    {
        var room = new Room(this, id, rank, generation, _options);
        List<TaskCompletionSource<Room>>? waiting;
        lock (_lock)
        {
            if (!_open.TryAdd(id, room))
                return null;
            _abandoned.Remove(id);
            _awaited.Remove(id, out waiting);
        }

        waiting?.ForEach(asking => asking.TrySetResult(room));
        _ = room.ExpireAsync();
        return room;
    }

    /// <summary>Waits until the room is open.</summary>
    /// <returns>Null if it was abandoned a short time ago.</returns>
    public async Task<Room?> FindAsync(long id, CancellationToken cancellation)
    {
        var asking = new TaskCompletionSource<Room>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_open.TryGetValue(id, out var room))
                return room;
            if (_abandoned.Contains(id))
                return null;
            if (!_awaited.TryGetValue(id, out var others))
                _awaited.Add(id, others = []);
            others.Add(asking);
        }

        try
        {
            return await asking.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Forget(id, asking);
            throw;
        }
    }

    /// <summary>Takes a room away, and keeps in mind that it was abandoned if it was.</summary>
    public void Close(Room room)
    {
        lock (_lock)
        {
            if (_open.GetValueOrDefault(room.Id) != room)
                return;
            _open.Remove(room.Id);
            if (room.Generation.End == GenerationEnd.Finished)
                return;
            _abandoned.Add(room.Id);
            _abandonedInOrder.Enqueue(room.Id);
            if (_abandonedInOrder.Count > RememberedRooms)
                _abandoned.Remove(_abandonedInOrder.Dequeue());
        }
    }

    private void Forget(long id, TaskCompletionSource<Room> asking)
    {
        lock (_lock)
        {
            if (_awaited.TryGetValue(id, out var others) && others.Remove(asking) && others.Count == 0)
                _awaited.Remove(id);
        }
    }
}
