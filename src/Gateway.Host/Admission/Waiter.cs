using Gateway.Host.Api;

namespace Gateway.Host.Admission;

/// <summary>
/// A request in the queue. Its task ends with null when it has its places, else with why it is refused; it is cancelled when the
/// client goes. Whoever takes it out of the <see cref="WaitingRoom"/>, and nobody else, decides which.
/// </summary>
internal sealed class Waiter(Seat seat, RequestPriority priority, long arrived)
    : TaskCompletionSource<GatewayError?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public Seat Seat { get; } = seat;

    public RequestPriority Priority { get; } = priority;

    /// <summary>In the clock's ticks.</summary>
    public long Arrived { get; } = arrived;

    /// <summary>Grows from one arrival to the next. Given by the waiting room.</summary>
    public long Number { get; set; }

    /// <summary>Where it stands; null before and afterwards.</summary>
    public Lane? Lane { get; set; }

    public LinkedListNode<Waiter>? Node { get; set; }
}
