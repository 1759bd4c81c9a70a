using System.Collections.Immutable;

namespace Gateway.Actors.Workers;

/// <summary>Free key–value pairs an operator attaches to a worker. Equal when all pairs are equal.</summary>
public sealed class Labels : IEquatable<Labels>
{
    private readonly ImmutableSortedDictionary<string, string> _pairs;

    public Labels(IEnumerable<KeyValuePair<string, string>> pairs) =>
        _pairs = pairs.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static Labels None { get; } = new([]);

    public IReadOnlyDictionary<string, string> Pairs => _pairs;

    public string? this[string key] => _pairs.GetValueOrDefault(key);

    public bool Equals(Labels? other) => other is not null && _pairs.SequenceEqual(other._pairs);

    public override bool Equals(object? obj) => Equals(obj as Labels);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (key, value) in _pairs)
        {
            hash.Add(key);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }
}
