using System.Runtime.InteropServices;

namespace Gateway.Text.Tests.Tokenizers;

/// <summary>One file of <c>expected.mjs</c>, read from front to back.</summary>
public sealed class ReferenceFile(byte[] bytes)
{
    private int _at;

    public int Number()
    {
        _at += sizeof(int);
        return BitConverter.ToInt32(bytes, _at - sizeof(int));
    }

    public string Text()
    {
        var length = Number() * sizeof(char);
        _at += length;
        return new string(MemoryMarshal.Cast<byte, char>(bytes.AsSpan(_at - length, length)));
    }

    public int[] Ids()
    {
        var length = Number() * sizeof(int);
        _at += length;
        return MemoryMarshal.Cast<byte, int>(bytes.AsSpan(_at - length, length)).ToArray();
    }
}
