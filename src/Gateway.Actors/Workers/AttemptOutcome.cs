namespace Gateway.Actors.Workers;

/// <summary>How an attempt ended, as far as its worker's health is concerned.</summary>
public enum AttemptOutcome
{
    /// <summary>A complete answer: the response, or the stream to its clean end.</summary>
    Success,

    /// <summary>The transport failed, the engine answered 5xx (not 503), stalled, or broke its stream.</summary>
    Failure,

    /// <summary>The engine answered 429 or 503: alive, but full. Says nothing to the breaker.</summary>
    Backpressure,

    /// <summary>The client went away or the gateway gave up for its own reasons. Says nothing to the breaker.</summary>
    Cancelled,
}
