using System.Buffers;
using System.Runtime.CompilerServices;

namespace Gateway.Text.Tokenizers;

/// <summary>Token ids in an array from the pool, which grows; an encoding allocates nothing when it is kept and cleared.</summary>
public sealed class TokenBuffer : IDisposable
{
    private int[] _ids = [];

    /// <summary>Gets how many ids there are.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the ids; valid until the next change.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>Appends one id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int id)
    {
        var ids = _ids;
        var count = Count;
        if ((uint)count < (uint)ids.Length)
        {
            ids[count] = id;
            Count = count + 1;
        }
        else
        {
            GrowAndAdd(id);
        }
    }

    /// <summary>Appends ids.</summary>
    public void Add(ReadOnlySpan<int> ids)
    {
        if (_ids.Length - Count < ids.Length)
            Grow(ids.Length);
        ids.CopyTo(_ids.AsSpan(Count));
        Count += ids.Length;
    }

    /// <summary>Forgets the ids and keeps the array.</summary>
    public void Clear() => Count = 0;

    /// <summary>Gives the array back to the pool; the buffer is empty then and can be used again.</summary>
    public void Dispose()
    {
        if (_ids.Length > 0)
            ArrayPool<int>.Shared.Return(_ids);
        _ids = [];
        Count = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GrowAndAdd(int id)
    {
        Grow(1);
        _ids[Count++] = id;
    }

    private void Grow(int atLeast)
    {
        var larger = ArrayPool<int>.Shared.Rent(Math.Max(64, Math.Max(Count * 2, Count + atLeast)));
        _ids.AsSpan(0, Count).CopyTo(larger);
        if (_ids.Length > 0)
            ArrayPool<int>.Shared.Return(_ids);
        _ids = larger;
    }
}
