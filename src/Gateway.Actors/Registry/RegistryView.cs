using System.Diagnostics;

namespace Gateway.Actors.Registry;

/// <summary>
/// The one shared reference through which readers see the fleet. Anyone may read <see cref="Current"/>; publishing needs the
/// <see cref="RegistryPublisher"/>, of which there is one for each view, and which only the RegistryActor is given.
/// </summary>
public sealed class RegistryView
{
    private RegistrySnapshot _current = RegistrySnapshot.Empty;
    private TaskCompletionSource _next = NewNext();

    private long _publishedAt = Stopwatch.GetTimestamp();

    private RegistryView()
    {
    }

    /// <summary>The latest snapshot: one volatile read. Take it once for a request, and use that.</summary>
    public RegistrySnapshot Current => Volatile.Read(ref _current);

    /// <summary>What has happened to the fleet so far.</summary>
    public FleetCounts Counts { get; } = new();

    /// <summary>How long ago the latest snapshot was published.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(Volatile.Read(ref _publishedAt));

    /// <summary>
    /// Completes when there is another snapshot than this one, at once if there is. For those who follow the fleet: whoever waits, looks and
    /// waits again sees the last of several changes, and holds up nobody.
    /// </summary>
    public Task NextAfter(RegistrySnapshot seen)
    {
        // In this order: a publication in between completes the task that was taken.
        var next = Volatile.Read(ref _next);
        return Current == seen ? next.Task : Task.CompletedTask;
    }

    /// <summary>Makes a view together with the only means of changing it.</summary>
    public static RegistryView Create(out RegistryPublisher publisher)
    {
        var view = new RegistryView();
        publisher = new RegistryPublisher(view, view.Publish);
        return view;
    }

    private static TaskCompletionSource NewNext() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Publish(RegistrySnapshot snapshot)
    {
        Volatile.Write(ref _current, snapshot);
        Volatile.Write(ref _publishedAt, Stopwatch.GetTimestamp());
        Interlocked.Exchange(ref _next, NewNext()).SetResult();
    }
}
