using Gateway.Actors.Workers;

namespace Gateway.Actors.Registrations;

/// <summary>The last word on one worker that operators manage through the API: what it is, or that it was removed.</summary>
/// <param name="Url">Of the worker; there is one registration for a place.</param>
/// <param name="Revision">Grows with each edit, also over a removal and a new registration.</param>
/// <param name="WrittenAt">By the clock of the gateway that wrote it.</param>
/// <param name="Spec">Null once it was removed.</param>
/// <param name="Removal">How it was removed; null as long as it is there.</param>
public sealed record Registration(WorkerUrl Url, long Revision, DateTimeOffset WrittenAt, WorkerSpec? Spec, Removal? Removal = null)
{
    /// <summary>
    /// True if this one holds where both are known. Every gateway must find the same, whichever it hears first: the higher revision, and
    /// of two edits that were made at once the later, then a removal, then the one whose bytes sort last.
    /// </summary>
    public bool Supersedes(Registration other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Revision != other.Revision)
            return Revision > other.Revision;
        if (WrittenAt != other.WrittenAt)
            return WrittenAt > other.WrittenAt;
        if (Spec is null != other.Spec is null)
            return Spec is null;
        return RegistrationWire.Bytes(this).AsSpan().SequenceCompareTo(RegistrationWire.Bytes(other)) > 0;
    }
}

/// <summary>How a worker was taken away.</summary>
/// <param name="Drain">How long its requests may take to finish; null is the worker's own time.</param>
/// <param name="AtOnce">True if it was removed without a drain.</param>
/// <param name="Reason">For the operator who finds it draining.</param>
public sealed record Removal(TimeSpan? Drain, bool AtOnce, string Reason);
