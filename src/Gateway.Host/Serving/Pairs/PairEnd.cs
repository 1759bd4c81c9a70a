using Gateway.Actors.Workers;

namespace Gateway.Host.Serving.Pairs;

/// <summary>What the end of one half of a pair means for the other, whatever protocol they speak.</summary>
internal static class PairEnd
{
    /// <summary>
    /// How long the prefill worker may take to end its answer after the decode worker has ended its own; the client waits for none of it.
    /// Cut short, its connection would be lost for the next request, or its generation aborted for nothing.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What the decode worker complains of may well be that the prefill worker does not deliver, unless it has.</summary>
    public static AttemptEnd Blame(AttemptEnd end, Task<AttemptEnd> prefillEnd) =>
        prefillEnd is { IsCompletedSuccessfully: true, Result.Outcome: AttemptOutcome.Success }
            ? end
            : end with
            {
                Faulty = FaultyHalf.Either,
                Outcome = end.Outcome == AttemptOutcome.Failure ? AttemptOutcome.Cancelled : end.Outcome,
            };

    /// <summary>Gives the client the end of its answer, and the prefill worker time to end its own.</summary>
    public static async Task LetPrefillEndAsync(Exchange exchange, Task<AttemptEnd> prefillEnd, TimeProvider time)
    {
        await exchange.Context.Response.CompleteAsync();
        await ((Task)prefillEnd).WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
