namespace Gateway.Actors.Engines.Generation;

/// <summary>What the halves of a pair are asked for one generation.</summary>
/// <param name="Prefill">Of the half that computes the prompt.</param>
/// <param name="Decode">Of the half whose answer counts.</param>
/// <param name="IsSequential">True if the decode half is asked only once the prefill half has answered; else both are at once.</param>
public sealed record PairedRequest(GenerationRequest Prefill, GenerationRequest Decode, bool IsSequential)
{
    /// <summary>What the decode half is asked after a prefill half that told this.</summary>
    /// <param name="transfer">vLLM's <c>kv_transfer_params</c>; null if it told none, and the decode half then computes the prompt itself.</param>
    public GenerationRequest DecodeAfter(string? transfer) =>
        Decode.KvTransferJson is null && transfer is not null ? Decode with { KvTransferJson = transfer } : Decode;
}
