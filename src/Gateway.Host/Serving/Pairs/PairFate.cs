namespace Gateway.Host.Serving.Pairs;

/// <summary>
/// What the halves of a pair mean for each other. Until the first byte of the decode worker's answer, a failure of either ends both. From
/// then on the prompt's KV cache has been handed over, and how the prefill half ends does not matter any more.
/// </summary>
/// <param name="stop">The request's own token.</param>
internal sealed class PairFate(CancellationToken stop) : IDisposable
{
    private const int Open = 0;
    private const int HandedOver = 1;
    private const int PrefillBroke = 2;

    private readonly CancellationTokenSource _prefill = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private readonly CancellationTokenSource _decode = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private int _phase = Open;

    /// <summary>Ends the prefill half.</summary>
    public CancellationToken PrefillToken => _prefill.Token;

    /// <summary>Ends the decode half, as long as nothing of its answer is here.</summary>
    public CancellationToken DecodeToken => _decode.Token;

    /// <summary>True if the prefill half failed first.</summary>
    public bool PrefillFailed => Volatile.Read(ref _phase) == PrefillBroke;

    /// <summary>The decode half answers, or has failed by itself.</summary>
    /// <returns>False if the prefill half had failed before.</returns>
    public bool TryHandOver() => Interlocked.CompareExchange(ref _phase, HandedOver, Open) != PrefillBroke;

    /// <summary>Ends the decode half, unless it answers already.</summary>
    public void FailPrefill()
    {
        if (Interlocked.CompareExchange(ref _phase, PrefillBroke, Open) == Open)
            _decode.Cancel();
    }

    /// <summary>What the prefill half still does is for nobody.</summary>
    public void StopPrefill() => _prefill.Cancel();

    /// <summary>The decode half is for nobody.</summary>
    public void StopDecode() => _decode.Cancel();

    public void Dispose()
    {
        _prefill.Dispose();
        _decode.Dispose();
    }
}
