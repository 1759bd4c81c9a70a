namespace Gateway.Simulator;

/// <summary>What can go wrong on demand.</summary>
public enum FaultKind
{
    /// <summary>Stops listening: new connections are refused, requests on open ones are reset.</summary>
    Refuse,

    /// <summary>Takes the request and never answers.</summary>
    Hang,

    /// <summary>The engine takes <see cref="FaultRule.Factor"/> times as long for every step. Canned answers have no steps.</summary>
    Slow,

    /// <summary>Answers with <see cref="FaultRule.Status"/> instead of the result.</summary>
    Status,

    /// <summary>Resets the connection of a stream after <see cref="FaultRule.AfterEvents"/> events; of another answer, before it.</summary>
    Cut,

    /// <summary>Sends nothing more after <see cref="FaultRule.AfterEvents"/> events, and keeps the connection.</summary>
    Stall,

    /// <summary>Puts an event of broken JSON after <see cref="FaultRule.AfterEvents"/> events of a stream.</summary>
    Malformed,

    /// <summary>The process dies, as if killed, when the request comes; it comes back after <see cref="FaultRule.ForMs"/>.</summary>
    Crash,
}
