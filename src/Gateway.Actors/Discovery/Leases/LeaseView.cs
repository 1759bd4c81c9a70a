using System.Collections.Immutable;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Discovery.Leases;

/// <summary>The leases there are, for everybody to read. <see cref="LeaseActor"/> alone writes them, and finds them here after a restart.</summary>
public sealed class LeaseView
{
    private ImmutableDictionary<WorkerId, RegistrationLease> _current = ImmutableDictionary<WorkerId, RegistrationLease>.Empty;

    public ImmutableDictionary<WorkerId, RegistrationLease> Current
    {
        get => Volatile.Read(ref _current);
        internal set => Volatile.Write(ref _current, value);
    }

    /// <returns>Null if the worker stays without renewals.</returns>
    public RegistrationLease? Find(WorkerId id) => Current.GetValueOrDefault(id);
}
