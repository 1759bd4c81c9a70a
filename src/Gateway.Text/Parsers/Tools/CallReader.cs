namespace Gateway.Text.Parsers.Tools;

/// <summary>
/// Reads what stands between a dialect's markers: one call, or a list of them. It holds in the writer what it consumes until that is
/// settled, and stops at exactly the same character however the text was cut.
/// </summary>
internal abstract class CallReader(CallWriter calls)
{
    protected CallWriter Calls { get; } = calls;

    /// <summary>Whether the open call has all its arguments, though its end is still to come.</summary>
    public virtual bool IsWhole => false;

    /// <summary>Makes it ready for the next call.</summary>
    public abstract void Begin();

    public abstract ReadProgress Read(ReadOnlySpan<char> text, out int consumed);

    /// <summary>
    /// The text ends here. A call whose name is known is announced if it was not, for it is one; what had come of its arguments stands.
    /// </summary>
    /// <param name="rest">What <see cref="Read"/> did not consume.</param>
    public abstract void Cut(ReadOnlySpan<char> rest);
}
