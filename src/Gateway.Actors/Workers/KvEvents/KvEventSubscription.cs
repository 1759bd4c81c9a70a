using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Routing.Prefixes;
using Gateway.Wire.Common;

namespace Gateway.Actors.Workers.KvEvents;

/// <summary>
/// Follows one incarnation's KV events into the index of a policy, for as long as its actor wants. Whatever was missed cannot be asked for,
/// so after a gap or a broken stream it begins anew: the index falls back to what the gateway itself has sent, until it has heard from the
/// engine again.
/// </summary>
/// <param name="client">The incarnation's connection.</param>
/// <param name="worker">As it is published, with its ranks.</param>
/// <param name="sink">The index.</param>
/// <param name="time">Clock of the waits.</param>
internal sealed class KvEventSubscription(EngineClient client, Worker worker, IKvEventSink sink, TimeProvider time)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>How often a quiet stream is looked at; below the time after which an index believes that a feed is dead.</summary>
    private static readonly TimeSpan QuietCheck = TimeSpan.FromSeconds(5);

    private readonly KvBlockBook[] _books = worker.Ranks.IsEmpty
        ? [new KvBlockBook(sink, worker)]
        : [.. worker.Ranks.Select(rank => new KvBlockBook(sink, rank))];

    private readonly KvSequence _sequence = new();
    private int _failures;

    /// <returns>When the engine has no such events. All else goes on until it is cancelled.</returns>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                try
                {
                    await FollowAsync(cancellation).ConfigureAwait(false);
                }
                catch (EngineException exception) when (exception.Fault == EngineFault.Unsupported)
                {
                    return;
                }
                catch (EngineException)
                {
                    // The stream broke; its engine may be back soon.
                }

                BeginAnew();
                await Task.Delay(Backoff.Delay(ShortestWait, LongestWait, _failures++), time, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            BeginAnew();
        }
    }

    /// <summary>Until the stream ends or has a gap.</summary>
    private async Task FollowAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var batches = client.FollowKvEventsAsync(0, ending.Token).GetAsyncEnumerator(ending.Token);
        Task next = Task.CompletedTask;
        try
        {
            for (var hasHeard = false; ; hasHeard = true)
            {
                var moving = batches.MoveNextAsync().AsTask();
                next = moving;
                if (hasHeard)
                    await WaitAsync(moving, ending.Token).ConfigureAwait(false);
                if (!await moving.ConfigureAwait(false) || !Take(batches.Current))
                    return;
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await batches.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// An engine without requests has nothing to tell, and its feed is as good as before. One that works and tells nothing goes stale.
    /// </summary>
    private async Task WaitAsync(Task next, CancellationToken cancellation)
    {
        while (!next.IsCompleted)
        {
            using var check = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var wait = Task.Delay(QuietCheck, time, check.Token);
            if (await Task.WhenAny(next, wait).ConfigureAwait(false) == next)
            {
                await check.CancelAsync().ConfigureAwait(false);
                return;
            }

            foreach (var book in _books)
            {
                if (book.Worker.Load == 0)
                    book.IsAlive();
            }
        }
    }

    /// <returns>False if something before this batch is missing.</returns>
    private bool Take(KvEventBatch batch)
    {
        switch (_sequence.Place(batch.DpRank, batch.SequenceNumber))
        {
            case KvBatchPlace.AfterGap:
                return false;
            case KvBatchPlace.Repeated:
                return true;
            default:
                break;
        }

        // A stream that has brought something new is a good one.
        _failures = 0;
        if (BookOf(batch) is { } book)
        {
            book.IsAlive();
            foreach (var change in batch.Events)
                book.Apply(change);
        }

        return true;
    }

    /// <returns>Null if it is about another rank than the worker's.</returns>
    private KvBlockBook? BookOf(KvEventBatch batch)
    {
        if (!worker.Ranks.IsEmpty)
            return (uint)batch.DpRank < (uint)_books.Length ? _books[batch.DpRank] : null;
        var isOther = worker.Spec.Url.Rank is { } own && batch.HasDpRank && batch.DpRank != own;
        return isOther ? null : _books[0];
    }

    private void BeginAnew()
    {
        _sequence.BeginAnew();
        foreach (var book in _books)
            book.BeginAnew();
    }
}
