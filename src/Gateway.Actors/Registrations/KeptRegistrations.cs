using System.Collections.Immutable;
using Gateway.Actors.Registrations.Wire;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Registrations;

/// <summary>What a gateway keeps over a restart.</summary>
/// <param name="Registrations">Of workers, and of their removals.</param>
/// <param name="Leases">For how long the registration of a worker holds without a renewal; those that hold for good are not in it.</param>
public sealed record KeptRegistrations(RegistrationMap Registrations, ImmutableDictionary<WorkerId, TimeSpan> Leases)
{
    public static KeptRegistrations None { get; } = new(RegistrationMap.Empty, ImmutableDictionary<WorkerId, TimeSpan>.Empty);

    /// <summary>True if the other one has the same. Maps that are equal are the same object unless they were read.</summary>
    public bool IsSameAs(KeptRegistrations other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Registrations == other.Registrations
            && Leases.Count == other.Leases.Count
            && Leases.All(pair => other.Leases.TryGetValue(pair.Key, out var duration) && duration == pair.Value);
    }

    internal RegistrationList Write()
    {
        var list = RegistrationWire.Write(Registrations);
        foreach (var registration in Registrations.ByPlace.Values)
        {
            if (registration.Spec is not null && Leases.TryGetValue(WorkerId.Of(registration.Url), out var duration))
                list.Leases.Add(new LeaseMessage { Url = registration.Url.Text, DurationTicks = duration.Ticks });
        }

        return list;
    }

    /// <exception cref="FormatException">It can't be understood.</exception>
    internal static KeptRegistrations Read(RegistrationList list) => new(
        RegistrationWire.Read(list),
        list.Leases.ToImmutableDictionary(static lease => WorkerId.Of(WorkerUrl.Parse(lease.Url)), static lease => TimeSpan.FromTicks(lease.DurationTicks)));
}
