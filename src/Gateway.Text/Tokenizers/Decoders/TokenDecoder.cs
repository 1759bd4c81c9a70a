namespace Gateway.Text.Tokenizers.Decoders;

/// <summary>A step from tokens to text, as tokenizer.json names it. Immutable; its state is in the stage that it starts.</summary>
internal abstract class TokenDecoder
{
    /// <summary>Whether the steps after this one see one long token.</summary>
    public virtual bool Joins => false;

    /// <summary>Starts the step.</summary>
    /// <param name="next">Takes what comes out.</param>
    /// <param name="joined">Whether what comes in are parts of one text, not tokens.</param>
    /// <param name="live">Whether text is wanted as soon as it is certain, rather than exactly as the original gives it for the whole.</param>
    public abstract DecoderStage Start(DecoderStage next, bool joined, bool live);
}
