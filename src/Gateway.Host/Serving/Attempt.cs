using System.Runtime.CompilerServices;
using Gateway.Actors.Engines;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving;

/// <summary>One try of one request on one worker: sends it, and relays what comes back.</summary>
internal sealed partial class Attempt(UpstreamRequest requests, ResponseRelay relay, ILogger<Attempt> log)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptEnd> RunAsync(Exchange exchange, Worker worker, ActivityTimeout timeout)
    {
        if (worker.Client is not HttpEngineClient client)
            return AttemptEnd.Unreachable;
        timeout.AwaitFirstByte();
        try
        {
            using var message = requests.Create(exchange, worker, client);
            using var response = await client.SendAsync(message, timeout.Token);
            return await relay.RunAsync(exchange, worker, response, timeout);
        }
        catch (Exception exception) when (UpstreamFailure.Is(exception))
        {
            // Only what happens before the first byte comes out here: the relay deals with the rest itself.
            if (timeout.Cause != StopCause.None)
            {
                if (timeout.Cause == StopCause.ClientGone)
                    exchange.Ending = ExchangeEnding.ClientGone;
                else if (timeout.Cause == StopCause.FirstByte)
                    worker.Suspect();
                return AttemptEnd.GivenUp(timeout.Cause);
            }

            worker.Suspect();
            LogUnreachable(worker.Spec.Url.Text, exchange.RequestId, UpstreamFailure.Describe(exception));
            return AttemptEnd.Unreachable;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Worker {Worker} failed before the first byte of request {RequestId}: {Reason}")]
    private partial void LogUnreachable(string worker, string requestId, string reason);
}
