using System.Collections.Immutable;

namespace Gateway.Actors.Registrations;

/// <summary>
/// Registrations by place. Merging is commutative, associative and idempotent, so that gateways which have heard the same agree, in
/// whatever order and however often they heard it. Removals stay in it, or a gateway that slept through one would bring the worker back.
/// </summary>
public sealed class RegistrationMap
{
    /// <summary>How long a removal is remembered. A gateway that was away for longer may bring back what was removed meanwhile.</summary>
    public static readonly TimeSpan RemovalLifetime = TimeSpan.FromDays(7);

    private RegistrationMap(ImmutableSortedDictionary<string, Registration> byPlace) => ByPlace = byPlace;

    public static RegistrationMap Empty { get; } = new(ImmutableSortedDictionary.Create<string, Registration>(StringComparer.Ordinal));

    public ImmutableSortedDictionary<string, Registration> ByPlace { get; }

    public static RegistrationMap Of(IEnumerable<Registration> registrations) =>
        registrations.Aggregate(Empty, static (map, registration) => map.With(registration));

    /// <returns>This same object if it is no news.</returns>
    public RegistrationMap With(Registration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        var place = registration.Url.Place;
        return ByPlace.TryGetValue(place, out var present) && !registration.Supersedes(present)
            ? this
            : new RegistrationMap(ByPlace.SetItem(place, registration));
    }

    /// <returns>This same object if the other one has no news.</returns>
    public RegistrationMap Merge(RegistrationMap other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ByPlace.IsEmpty)
            return other;
        var builder = ByPlace.ToBuilder();
        var isNews = false;
        foreach (var (place, theirs) in other.ByPlace)
        {
            if (builder.TryGetValue(place, out var ours) && !theirs.Supersedes(ours))
                continue;
            builder[place] = theirs;
            isNews = true;
        }

        return isNews ? new RegistrationMap(builder.ToImmutable()) : this;
    }

    /// <summary>What it knows that the other does not.</summary>
    public IReadOnlyList<Registration> NewsFor(RegistrationMap other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return [.. ByPlace.Where(pair => !other.ByPlace.TryGetValue(pair.Key, out var theirs) || pair.Value.Supersedes(theirs)).Select(static pair => pair.Value)];
    }

    /// <summary>Forgets removals of before then.</summary>
    /// <returns>This same object if there are none.</returns>
    public RegistrationMap WithoutRemovalsBefore(DateTimeOffset then)
    {
        var old = ByPlace.Where(pair => pair.Value.Spec is null && pair.Value.WrittenAt < then).Select(static pair => pair.Key).ToArray();
        return old.Length == 0 ? this : new RegistrationMap(ByPlace.RemoveRange(old));
    }
}
