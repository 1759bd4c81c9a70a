namespace Gateway.Host.Serving;

/// <summary>A change to a request's body on its way to an engine: these bytes go out in the place of a slice.</summary>
/// <param name="Start">Where the slice begins.</param>
/// <param name="End">Where it ends; the same for an insertion.</param>
/// <param name="Bytes">What takes its place.</param>
internal readonly record struct BodyEdit(int Start, int End, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Changes nothing.</summary>
    public static BodyEdit None => default;

    public bool ChangesNothing => Start == End && Bytes.IsEmpty;

    /// <summary>By how many bytes it makes the body longer.</summary>
    public int Growth => Bytes.Length - (End - Start);
}
