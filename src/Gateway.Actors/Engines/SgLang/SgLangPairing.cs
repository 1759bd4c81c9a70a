using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines.SgLang;

/// <summary>SGLang's halves are asked the same at once, and meet in a room of the prefill worker's bootstrap server that nobody else has.</summary>
internal sealed class SgLangPairing : IPairing
{
    /// <summary>SGLang's <c>disaggregation_bootstrap_port</c>.</summary>
    private const int DefaultPort = 8998;

    /// <summary>It makes several requests of one for several choices, which would all be in one room.</summary>
    public bool DividesChoices => true;

    public PairedRequest Divide(GenerationRequest request, Worker prefill, Worker decode)
    {
        var bootstrap = new BootstrapRoom(prefill.Spec.Url.Address.Host, prefill.Spec.BootstrapPort ?? DefaultPort, Room(prefill));
        return new PairedRequest(
            // Its only token is the answer's first. Nobody waits for it alone.
            request with { Bootstrap = bootstrap, DataParallelRank = prefill.Spec.Url.Rank, Stream = false },
            request with
            {
                RequestId = EngineRequestId.New(),
                Bootstrap = bootstrap,
                DataParallelRank = decode.Spec.Url.Rank,
                // Only who computes the prompt knows them.
                PromptLogprobsFrom = null,
            },
            IsSequential: false);
    }

    /// <summary>
    /// Without a field that says it, the decode worker takes the remainder of the room by the number of the prefill worker's ranks for the
    /// rank that has the prompt. So the room is chosen to fit.
    /// </summary>
    private static int Room(Worker prefill)
    {
        var ranks = prefill.Facts.DataParallelSize ?? prefill.Spec.DataParallelSize ?? 1;
        return prefill.Spec.Url.Rank is { } rank && rank < ranks
            ? (Random.Shared.Next(int.MaxValue / ranks) * ranks) + rank
            : Random.Shared.Next();
    }
}
