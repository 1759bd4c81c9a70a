namespace Gateway.Host.Serving;

/// <summary>
/// Where the time of one request went, in the clock's ticks. What is left of the whole is the gateway's own doing. A mutable struct, written
/// by one thread at a time: whichever the request is on.
/// </summary>
internal struct ExchangeTimes
{
    /// <summary>Reading the body, which is mostly waiting for the client to send it.</summary>
    public long Body;

    /// <summary>Waiting for a seat.</summary>
    public long Queue;

    /// <summary>Waiting for engines, in all attempts.</summary>
    public long Engine;

    /// <summary>Waiting for the client to take what was written.</summary>
    public long Client;

    /// <summary>Waiting before an attempt was repeated.</summary>
    public long Backoff;

    /// <summary>A point in time: when the first piece of the answer came that the client got; 0 if none did.</summary>
    public long FirstPieceAt;

    /// <summary>A point in time: when the last one came that had to be waited for.</summary>
    public long LastPieceAt;

    public readonly long Waits => Body + Queue + Engine + Client + Backoff;

    /// <summary>A piece of the engine's answer has come that was waited for.</summary>
    public void Arrived(long now)
    {
        if (FirstPieceAt == 0)
            FirstPieceAt = now;
        LastPieceAt = now;
    }
}
