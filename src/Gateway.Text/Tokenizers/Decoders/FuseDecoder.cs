namespace Gateway.Text.Tokenizers.Decoders;

/// <summary>Joins the tokens: the steps after it see one.</summary>
internal sealed class FuseDecoder : TokenDecoder
{
    public override bool Joins => true;

    public override DecoderStage Start(DecoderStage next, bool joined, bool live) => next;
}
