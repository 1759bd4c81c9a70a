using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Actors.Registry;

/// <summary>
/// Immutable hash table from a model's name in UTF-8 to its snapshot. It is cut into small shards (open addressing, linear probing,
/// at most half full), so that a change copies the shards it touches and the list of shards, not every name.
/// The names come from operators, never from clients, so the hash needs to be fast but not keyed.
/// </summary>
internal sealed class ModelTable
{
    private const int NamesPerShard = 8;
    private static readonly Slot[] EmptyShard = new Slot[2];

    private readonly Slot[][] _shards;
    private readonly int _shardMask;

    private ModelTable(Slot[][] shards, int count)
    {
        _shards = shards;
        _shardMask = shards.Length - 1;
        Count = count;
    }

    public static ModelTable Empty { get; } = new([EmptyShard], 0);

    public int Count { get; }

    public ModelSnapshot? Find(ReadOnlySpan<byte> name)
    {
        var hash = Hash(name);
        var shards = _shards;
        var slots = shards[(int)(hash >> 32) & (shards.Length - 1)];
        for (var index = (int)hash & (slots.Length - 1); ; index = (index + 1) & (slots.Length - 1))
        {
            ref readonly var slot = ref slots[index];
            if (slot.Model is null)
                return null;
            if (slot.Hash == hash && name.SequenceEqual(slot.Name))
                return slot.Model;
        }
    }

    /// <summary>This table with the given names changed; a null model takes the name away.</summary>
    public ModelTable With(IReadOnlyDictionary<string, ModelSnapshot?> changes)
    {
        if (changes.Count == 0)
            return this;
        var changed = new Dictionary<int, List<Slot>>();
        foreach (var (name, model) in changes)
        {
            var utf8 = Encoding.UTF8.GetBytes(name);
            var hash = Hash(utf8);
            var shard = (int)(hash >> 32) & _shardMask;
            ref var slots = ref CollectionsMarshal.GetValueRefOrAddDefault(changed, shard, out _);
            slots ??= Names(_shards[shard]);
            slots.RemoveAll(slot => slot.Hash == hash && slot.Name.AsSpan().SequenceEqual(utf8));
            if (model is not null)
                slots.Add(new Slot(hash, utf8, model));
        }

        var shards = (Slot[][])_shards.Clone();
        var count = Count;
        foreach (var (index, slots) in changed)
        {
            count += slots.Count - Names(shards[index]).Count;
            shards[index] = Shard(slots);
        }

        return Resize(new ModelTable(shards, count));
    }

    /// <summary>Keeps the average shard between a quarter and twice its proper size; the cost is spread over the changes that led here.</summary>
    private static ModelTable Resize(ModelTable table)
    {
        var wanted = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, table.Count / NamesPerShard));
        if (wanted <= table._shards.Length * 2 && wanted >= table._shards.Length / 4)
            return table;
        var names = new List<Slot>[wanted];
        foreach (var shard in table._shards)
        {
            foreach (var slot in Names(shard))
                (names[(int)(slot.Hash >> 32) & (wanted - 1)] ??= []).Add(slot);
        }

        return new ModelTable(Array.ConvertAll(names, static slots => slots is null ? EmptyShard : Shard(slots)), table.Count);
    }

    private static List<Slot> Names(Slot[] shard)
    {
        var names = new List<Slot>(shard.Length / 2);
        foreach (var slot in shard)
        {
            if (slot.Model is not null)
                names.Add(slot);
        }

        return names;
    }

    private static Slot[] Shard(List<Slot> names)
    {
        if (names.Count == 0)
            return EmptyShard;
        var slots = new Slot[BitOperations.RoundUpToPowerOf2((uint)names.Count * 2)];
        foreach (var name in names)
        {
            var index = (int)name.Hash & (slots.Length - 1);
            while (slots[index].Model is not null)
                index = (index + 1) & (slots.Length - 1);
            slots[index] = name;
        }

        return slots;
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

        return hash ^ (hash >> 29);
    }

    private readonly record struct Slot(ulong Hash, byte[] Name, ModelSnapshot Model);
}
