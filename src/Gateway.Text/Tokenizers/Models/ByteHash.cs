using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gateway.Text.Tokenizers.Models;

/// <summary>
/// A fast hash for tables that are filled from files of the operator's, and for caches whose worst collision costs a miss.
/// It has no secret: nothing that an unknown sender can fill with keys may chain on it.
/// </summary>
internal static class ByteHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        ref var start = ref MemoryMarshal.GetReference(bytes);
        var hash = (ulong)bytes.Length * Multiplier;
        var index = 0;
        for (; index + 8 <= bytes.Length; index += 8)
            hash = Mix(hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, index)));
        ulong rest = 0;
        var left = bytes.Length - index;
        if (left >= 4)
        {
            rest = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, index));
            index += 4;
            left -= 4;
            rest <<= 24;
        }
        for (; left > 0; left--, index++)
            rest = (rest << 8) | Unsafe.Add(ref start, index);
        return Mix(hash ^ rest);
    }

    public static ulong Of(ReadOnlySpan<char> text) => Of(MemoryMarshal.AsBytes(text));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong value)
    {
        value *= Multiplier;
        return value ^ (value >> 29);
    }
}
