using Gateway.Actors.Workers;
using Gateway.Host.Api;

namespace Gateway.Host.Serving;

/// <summary>How one attempt ended: for the worker's health, and for the request.</summary>
/// <param name="Outcome">What the lease is released with.</param>
/// <param name="MayTryAnother">True if the transport failed before the client was sent anything.</param>
/// <param name="Error">What to answer, if nothing was answered yet and it is not tried again.</param>
internal readonly record struct AttemptEnd(AttemptOutcome Outcome, bool MayTryAnother = false, GatewayError? Error = null)
{
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
    public static AttemptEnd Answered(int status) => new(status switch
    {
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => AttemptOutcome.Backpressure,
        >= 500 => AttemptOutcome.Failure,
        _ => AttemptOutcome.Success,
    });
}
