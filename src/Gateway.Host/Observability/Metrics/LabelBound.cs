using System.Collections.Concurrent;

namespace Gateway.Host.Observability.Metrics;

/// <summary>
/// Keeps a label from having ever more values: the first so many are kept as they are, all that come later are one. Safe from several
/// threads, and lock-free for values that are known.
/// </summary>
/// <param name="most">Values.</param>
internal sealed class LabelBound(int most)
{
    /// <summary>All that has no value of its own.</summary>
    public const string Other = "other";

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private int _count;

    public string Of(string? value)
    {
        if (value is null)
            return Other;
        return _known.TryGetValue(value, out var known) ? known : Admit(value);
    }

    private string Admit(string value)
    {
        if (Volatile.Read(ref _count) >= most || Interlocked.Increment(ref _count) > most)
            return Other;
        if (_known.TryAdd(value, value))
            return value;
        Interlocked.Decrement(ref _count);
        return _known[value];
    }
}
