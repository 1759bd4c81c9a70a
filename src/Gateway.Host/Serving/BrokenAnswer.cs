using System.Buffers;
using System.IO.Pipelines;
using Gateway.Actors.Workers;
using Gateway.Host.Api;

namespace Gateway.Host.Serving;

/// <summary>
/// Ends an answer that broke after its first byte: an event stream with an error event and no <c>[DONE]</c>, any other body with a
/// broken connection, since a client must not take half an answer for a whole one.
/// </summary>
internal sealed partial class BrokenAnswer(ILogger<BrokenAnswer> log)
{
    /// <param name="isBetweenEvents">False if the client has seen the beginning of an event, which must be closed first.</param>
    /// <param name="cause">Why the gateway gave the answer up, if it did.</param>
    /// <param name="failure">How the transport failed, if it did.</param>
    public async ValueTask<AttemptEnd> EndAsync(
        Exchange exchange, Worker worker, AnswerShape shape, bool isBetweenEvents, StopCause cause, Exception? failure)
    {
        var context = exchange.Context;
        if (cause == StopCause.ClientGone || context.RequestAborted.IsCancellationRequested)
        {
            exchange.Ending = ExchangeEnding.ClientGone;
            return new AttemptEnd(AttemptOutcome.Cancelled);
        }

        exchange.Ending = ExchangeEnding.Interrupted;
        exchange.ErrorCode = ErrorFor(cause).Code;
        exchange.Trace?.Fail(worker, cause == StopCause.None ? UpstreamFailure.Describe(failure) : $"given up: {cause}");
        LogBroken(worker.Spec.Url.Text, cause, exchange.BytesSent, exchange.RequestId, UpstreamFailure.Describe(failure));
        if (cause is StopCause.None or StopCause.Idle)
            worker.Suspect();
        if (shape.IsEventStream)
        {
            WriteErrorEvent(context.Response.BodyWriter, ErrorFor(cause), isBetweenEvents);
            await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
        }
        else
        {
            context.Abort();
        }

        return new AttemptEnd(cause == StopCause.Shutdown ? AttemptOutcome.Cancelled : AttemptOutcome.Failure);
    }

    private static void WriteErrorEvent(PipeWriter writer, GatewayError error, bool isBetweenEvents)
    {
        if (!isBetweenEvents)
            writer.Write("\n\n"u8);
        writer.Write("data: "u8);
        writer.Write(OpenAiError.Format(error).Span);
        writer.Write("\n\n"u8);
    }

    private static GatewayError ErrorFor(StopCause cause) => cause switch
    {
        StopCause.Idle or StopCause.Request => GatewayError.StreamTimedOut,
        StopCause.Shutdown => GatewayError.Draining,
        _ => GatewayError.StreamInterrupted,
    };

    [LoggerMessage(1, LogLevel.Warning, "Worker {Worker} broke off its answer ({Cause}) after {Bytes} bytes of request {RequestId}: {Reason}")]
    private partial void LogBroken(string worker, StopCause cause, long bytes, string requestId, string reason);
}
