using Gateway.Actors.Workers;

namespace Gateway.Host.Serving;

/// <summary>What a failure before the first byte means for the worker and for the request, over whatever protocol.</summary>
internal sealed partial class AttemptFailure(ILogger<AttemptFailure> log)
{
    /// <param name="exchange">Whose attempt it was.</param>
    /// <param name="worker">On whom it was made.</param>
    /// <param name="reason">For the log.</param>
    /// <param name="cause">Why the gateway gave it up, if it did.</param>
    public AttemptEnd Of(Exchange exchange, Worker worker, string reason, StopCause cause)
    {
        exchange.Trace?.Fail(worker, cause == StopCause.None ? reason : $"given up: {cause}");
        if (cause == StopCause.None)
        {
            worker.Suspect();
            LogUnreachable(worker.Spec.Url.Text, exchange.RequestId, reason);
            return AttemptEnd.Unreachable;
        }

        if (cause == StopCause.ClientGone)
            exchange.Ending = ExchangeEnding.ClientGone;
        else if (cause == StopCause.FirstByte)
            worker.Suspect();
        return AttemptEnd.GivenUp(cause);
    }

    [LoggerMessage(1, LogLevel.Warning, "Worker {Worker} failed before the first byte of request {RequestId}: {Reason}")]
    private partial void LogUnreachable(string worker, string requestId, string reason);
}
