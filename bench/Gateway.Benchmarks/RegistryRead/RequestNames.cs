using System.Text;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>
/// The names that requests ask for: every model once, in an order that no prefetcher guesses, as bytes of their own in one buffer.
/// The table's own copies of the names are other memory, as they are in the gateway.
/// </summary>
internal sealed class RequestNames
{
    /// <summary>A power of two, so that going round costs one mask. Some models come up twice.</summary>
    public const int Count = 1024;

    private readonly byte[] _bytes;
    private readonly (int Start, int Length)[] _ranges = new (int, int)[Count];

    public RequestNames(IReadOnlyList<string> models)
    {
        var random = new Random(20260501);
        var order = Enumerable.Range(0, Count).Select(i => models[i % models.Count]).ToArray();
        random.Shuffle(order);
        using var buffer = new MemoryStream();
        for (var i = 0; i < Count; i++)
        {
            var utf8 = Encoding.UTF8.GetBytes(order[i]);
            _ranges[i] = ((int)buffer.Position, utf8.Length);
            buffer.Write(utf8);
        }

        _bytes = buffer.ToArray();
    }

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var (start, length) = _ranges[index & (Count - 1)];
            return _bytes.AsSpan(start, length);
        }
    }
}
