using Gateway.Actors.Workers;

namespace Gateway.Actors.Discovery;

/// <summary>Reads the text of a workers file; throws <see cref="FormatException"/> with a line for the operator.</summary>
public delegate EquatableArray<WorkerSpec> WorkersFileParser(string text);

/// <summary>Which file to follow.</summary>
/// <param name="Path">The file. It may be missing, or be a link that changes where it points.</param>
/// <param name="Interval">Time between two looks at it.</param>
/// <param name="Parse">Knows its format.</param>
public sealed record FileDiscoverySettings(string Path, TimeSpan Interval, WorkersFileParser Parse)
{
    /// <summary>Told how often it is looked at.</summary>
    public LookupCounts Lookups { get; init; } = new();

    /// <summary>Reads the whole file; another one is for tests.</summary>
    internal Func<string, Task<string>> Read { get; init; } = static path => File.ReadAllTextAsync(path);
}
