using Gateway.Actors.Workers;
using Gateway.Host.Api;

namespace Gateway.Host.Serving;

/// <summary>Which half of a pair a failed attempt speaks against.</summary>
internal enum FaultyHalf
{
    /// <summary>The worker that was to answer; the only one if no pair did the work.</summary>
    Answering,

    Prefill,

    /// <summary>An error of the one may well be the other's fault.</summary>
    Either,
}

/// <summary>How one attempt ended: for the worker's health, and for the request.</summary>
/// <param name="Outcome">What the lease is released with.</param>
/// <param name="MayTryAnother">True if the client was sent nothing, and another attempt may do better.</param>
/// <param name="Error">What to answer, if nothing was answered yet and it is not tried again.</param>
/// <param name="Answer">The same, if the engine did answer: complete, in memory, and to be disposed of by who gets it.</param>
internal readonly record struct AttemptEnd(
    AttemptOutcome Outcome, bool MayTryAnother = false, GatewayError? Error = null, HttpResponseMessage? Answer = null)
{
    /// <summary>Only of an attempt by a pair other than <see cref="FaultyHalf.Answering"/>.</summary>
    public FaultyHalf Faulty { get; init; }

    /// <summary>The transport failed before the first byte.</summary>
    public static AttemptEnd Unreachable { get; } = new(AttemptOutcome.Failure, MayTryAnother: true, GatewayError.UpstreamUnreachable);

    /// <summary>Given up, before the first byte, for a reason that is not the worker's connection.</summary>
    public static AttemptEnd GivenUp(StopCause cause) => cause switch
    {
        StopCause.FirstByte or StopCause.Idle or StopCause.Request => new(AttemptOutcome.Failure, Error: GatewayError.UpstreamTimeout),
        StopCause.Shutdown => new(AttemptOutcome.Cancelled, Error: GatewayError.Draining),
        _ => new(AttemptOutcome.Cancelled),
    };

    /// <summary>What an answer that was relayed to its end says of the worker.</summary>
    public static AttemptEnd Answered(int status) => new(OutcomeOf(status));

    /// <summary>An answer that is not relayed as long as another attempt may bring a better one.</summary>
    public static AttemptEnd SetAside(HttpResponseMessage answer) =>
        new(OutcomeOf((int)answer.StatusCode), MayTryAnother: true, Answer: answer);

    private static AttemptOutcome OutcomeOf(int status) => status switch
    {
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => AttemptOutcome.Backpressure,
        >= 500 => AttemptOutcome.Failure,
        _ => AttemptOutcome.Success,
    };
}
