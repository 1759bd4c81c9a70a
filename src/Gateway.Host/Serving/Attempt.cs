using System.Runtime.CompilerServices;
using Gateway.Actors.Engines;
using Gateway.Actors.Workers;
using Gateway.Host.Serving.Retries;
using Gateway.Host.Serving.Tokens;

namespace Gateway.Host.Serving;

/// <summary>One try of one request on one worker: sends it, and relays what comes back, unless that is to be retried.</summary>
internal sealed class Attempt(
    UpstreamRequest requests, ResponseRelay relay, TokenAttempt tokens, EmbeddingAttempt embeddings, RetryRules retries, AttemptFailure failures)
{
    /// <param name="exchange">A request that is to be sent to the worker, or was.</param>
    /// <param name="worker">A worker that a lease is held on.</param>
    /// <param name="timeout">The request's clock.</param>
    /// <param name="sent">Null, or what <see cref="SendAsync"/> gave if it is on its way already.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptEnd> RunAsync(
        Exchange exchange, Worker worker, ActivityTimeout timeout, Task<HttpResponseMessage>? sent = null)
    {
        if (worker.Client is GrpcEngineClient engine)
        {
            return exchange.Plan switch
            {
                GenerationPlan plan => await tokens.RunAsync(exchange, plan, worker, engine, timeout),
                EmbeddingPlan plan => await embeddings.RunAsync(exchange, plan, worker, engine, timeout),
                _ => AttemptEnd.Unreachable,
            };
        }

        if (worker.Client is not HttpEngineClient client)
            return AttemptEnd.Unreachable;
        timeout.AwaitFirstByte();
        HttpResponseMessage? response = null;
        try
        {
            using var message = sent is null ? requests.Create(exchange, worker, client) : null;
            response = await (sent ?? client.SendAsync(message!, timeout.Token));
            if (sent is null)
                exchange.Series?.Answered((int)response.StatusCode);
            if (!MayBeRetried(exchange, worker, response))
            {
                var end = await relay.RunAsync(exchange, worker, response, timeout);
                return end.Answer is null ? end : await SettleAsync(exchange, worker, end, timeout);
            }

            var answer = response;
            response = null;
            return await SetAsideAnswer.TakeAsync(answer, timeout.Token);
        }
        catch (Exception exception) when (UpstreamFailure.Is(exception))
        {
            // Only what happens before the first byte comes out here: the relay deals with the rest itself.
            return Failed(exchange, worker, exception, timeout.Cause);
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <summary>Only sends it; what comes back is for a <see cref="RunAsync"/> to deal with.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        Exchange exchange, Worker worker, CancellationToken cancellation, ReadOnlyMemory<byte> added = default)
    {
        if (worker.Client is not HttpEngineClient client)
            throw new HttpRequestException("The worker does not speak HTTP.");
        using var message = requests.Create(exchange, worker, client, added);
        var response = await client.SendAsync(message, cancellation);
        exchange.Series?.Answered((int)response.StatusCode);
        return response;
    }

    /// <summary>True if an answer has come that would be relayed.</summary>
    public bool IsGood(Exchange exchange, Worker worker, Task<HttpResponseMessage> sent) =>
        sent.IsCompletedSuccessfully && !MayBeRetried(exchange, worker, sent.Result);

    /// <summary>Relays the error that a stream began with, unless another attempt may do better.</summary>
    public async ValueTask<AttemptEnd> SettleAsync(Exchange exchange, Worker worker, AttemptEnd end, ActivityTimeout timeout)
    {
        if (MayBeRetried(exchange, worker, end.Answer!))
            return end;
        using var error = end.Answer!;
        return await relay.RunAsync(exchange, worker, error, timeout);
    }

    /// <summary>True if another attempt may do better than this answer.</summary>
    public bool MayBeRetried(Exchange exchange, Worker worker, HttpResponseMessage response) =>
        !response.IsSuccessStatusCode
        && retries.For(exchange.Model, worker).Retries((int)response.StatusCode, exchange.Attempts);

    /// <summary>What a failure before the first byte means for the worker and for the request.</summary>
    public AttemptEnd Failed(Exchange exchange, Worker worker, Exception exception, StopCause cause) =>
        failures.Of(exchange, worker, UpstreamFailure.Describe(exception), cause);
}
