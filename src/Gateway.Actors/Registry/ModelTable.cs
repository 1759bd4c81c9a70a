using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Actors.Registry;

/// <summary>
/// Immutable hash table from a model's name in UTF-8 to its snapshot, at most half full, with linear probing.
/// The names come from operators, never from clients, so the hash needs to be fast but not keyed.
/// </summary>
internal sealed class ModelTable
{
    public static ModelTable Empty { get; } = new([]);

    private readonly Slot[] _slots;
    private readonly int _mask;

    public ModelTable(IReadOnlyCollection<KeyValuePair<string, ModelSnapshot>> models)
    {
        var capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, models.Count * 2));
        _slots = new Slot[capacity];
        _mask = capacity - 1;
        foreach (var (name, model) in models)
        {
            var utf8 = name == model.Id && MemoryMarshal.TryGetArray(model.IdUtf8, out var segment)
                ? segment.Array!
                : Encoding.UTF8.GetBytes(name);
            var hash = Hash(utf8);
            var index = (int)hash & _mask;
            while (_slots[index].Model is not null)
                index = (index + 1) & _mask;
            _slots[index] = new Slot(hash, utf8, model);
        }
    }

    public ModelSnapshot? Find(ReadOnlySpan<byte> name)
    {
        var slots = _slots;
        var hash = Hash(name);
        for (var index = (int)hash & _mask; ; index = (index + 1) & _mask)
        {
            ref readonly var slot = ref slots[index];
            if (slot.Model is null)
                return null;
            if (slot.Hash == hash && name.SequenceEqual(slot.Name))
                return slot.Model;
        }
    }

    /// <summary>Multiply-and-rotate over 8-byte words, the last one overlapping, as in the wyhash family.</summary>
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        const ulong Multiplier = 0x9E3779B97F4A7C15;
        var hash = (ulong)bytes.Length * Multiplier;
        if (bytes.Length >= sizeof(ulong))
        {
            for (var rest = bytes; rest.Length > sizeof(ulong); rest = rest[sizeof(ulong)..])
                hash = BitOperations.RotateLeft((hash ^ MemoryMarshal.Read<ulong>(rest)) * Multiplier, 29);
            hash = (hash ^ MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..])) * Multiplier;
        }
        else
        {
            foreach (var value in bytes)
                hash = BitOperations.RotateLeft((hash ^ value) * Multiplier, 29);
        }

        return hash ^ (hash >> 32);
    }

    private readonly record struct Slot(ulong Hash, byte[] Name, ModelSnapshot Model);
}
