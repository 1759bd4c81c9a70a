using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines;

/// <summary>How two engines of a kind do a generation in halves, the one the prompt and the other the answer. Stateless.</summary>
public interface IPairing
{
    /// <summary>True if a request for several choices has to be one request for each, since each needs the prompt's KV cache for itself.</summary>
    bool DividesChoices { get; }

    /// <summary>Makes what each half is asked of what one engine would be.</summary>
    /// <param name="request">For an engine that does it all.</param>
    /// <param name="prefill">Does the prompt.</param>
    /// <param name="decode">Does the answer.</param>
    /// <returns>Null if the two cannot pass the cache of this request on; the decode worker then does it all.</returns>
    PairedRequest? Divide(GenerationRequest request, Worker prefill, Worker decode);
}
