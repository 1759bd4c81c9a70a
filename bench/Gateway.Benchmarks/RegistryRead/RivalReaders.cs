using System.Text;
using System.Text.Unicode;

namespace Gateway.Benchmarks.RegistryRead;

// The request has bytes. A reader of a structure with string keys makes a string of them; where .NET offers a lookup by a span of
// characters, a second reader (BySpan) decodes onto its stack instead and makes none.

internal readonly struct ConcurrentReader(ConcurrentDictionaryStore store) : IModelReader
{
    public int Read(ReadOnlySpan<byte> nameUtf8) => store.Find(Encoding.UTF8.GetString(nameUtf8)).Length;
}

internal readonly struct ConcurrentReaderBySpan(ConcurrentDictionaryStore store) : IModelReader
{
    public int Read(ReadOnlySpan<byte> nameUtf8) => store.Find(Characters.Decode(nameUtf8, stackalloc char[Characters.Max])).Length;
}

internal readonly struct LockedReader(ReaderWriterLockStore store) : IModelReader
{
    public int Read(ReadOnlySpan<byte> nameUtf8) => store.Find(Encoding.UTF8.GetString(nameUtf8)).Length;
}

internal readonly struct LockedReaderBySpan(ReaderWriterLockStore store) : IModelReader
{
    public int Read(ReadOnlySpan<byte> nameUtf8) => store.Find(Characters.Decode(nameUtf8, stackalloc char[Characters.Max])).Length;
}

internal readonly struct ImmutableReader(ImmutableDictionaryStore store) : IModelReader
{
    public int Read(ReadOnlySpan<byte> nameUtf8) => store.Find(Encoding.UTF8.GetString(nameUtf8)).Length;
}

internal readonly struct FrozenReaderBySpan(FrozenDictionaryStore store) : IModelReader
{
    public int Read(ReadOnlySpan<byte> nameUtf8) => store.Find(Characters.Decode(nameUtf8, stackalloc char[Characters.Max])).Length;
}

internal static class Characters
{
    public const int Max = 128;

    public static ReadOnlySpan<char> Decode(ReadOnlySpan<byte> utf8, Span<char> buffer)
    {
        Utf8.ToUtf16(utf8, buffer, out _, out var written);
        return buffer[..written];
    }
}
