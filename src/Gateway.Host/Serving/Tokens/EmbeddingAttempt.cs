using System.Text.Json;
using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;
using Gateway.Host.Api;
using Gateway.Host.Serving.Tokens.Answers;

namespace Gateway.Host.Serving.Tokens;

/// <summary>One try of one request on one token-in engine: has its texts embedded, and answers when all of them are.</summary>
internal sealed class EmbeddingAttempt(TokenAttempt generations, BrokenAnswer brokenAnswer)
{
    public async ValueTask<AttemptEnd> RunAsync(
        Exchange exchange, EmbeddingPlan plan, Worker worker, GrpcEngineClient client, ActivityTimeout timeout)
    {
        timeout.AwaitFirstByte();
        IReadOnlyList<EmbeddingResult> results;
        try
        {
            var batch = new EmbeddingBatch(plan, worker, client, DateTime.UtcNow + timeout.Remaining, EngineTrace.Of(exchange, worker));
            results = await batch.RunAsync(timeout.Token);
        }
        catch (EngineException exception) when (exception.Fault == EngineFault.Unsupported)
        {
            // Not a field of the request but all of it: another engine of this kind would say the same.
            return AttemptEnd.Answered(GatewayError.NotOverTokens.Status) with { Error = GatewayError.NotOverTokens };
        }
        catch (Exception exception) when (exception is EngineException || UpstreamFailure.Is(exception))
        {
            return generations.Failed(exchange, worker, exception, timeout.Cause);
        }

        timeout.Pause();
        exchange.Lease.Answering.EndPrefill();
        var tokens = EmbeddingAnswer.TokensOf(results);
        exchange.Usage?.Say(tokens);
        exchange.Tokens = new Usage((int)tokens, CompletionTokens: 0, CachedTokens: 0, ReasoningTokens: 0);
        try
        {
            await WriteAsync(exchange, plan.Answer, results, worker.Facts.Model, timeout.Token);
            return AttemptEnd.Answered(StatusCodes.Status200OK);
        }
        catch (Exception exception) when (UpstreamFailure.Is(exception))
        {
            var shape = new AnswerShape(StatusCodes.Status200OK, IsEventStream: false, MustEndWithDone: false);
            return await brokenAnswer.EndAsync(exchange, worker, shape, isBetweenEvents: true, timeout.Cause, exception);
        }
    }

    private static async ValueTask WriteAsync(
        Exchange exchange, EmbeddingAnswer answer, IReadOnlyList<EmbeddingResult> results, EngineModelFacts? facts, CancellationToken cancellation)
    {
        var response = exchange.Context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(response.BodyWriter, AnswerJson.WriterOptions);
        answer.Write(json, results, facts);
        json.Flush();
        exchange.BytesSent += json.BytesCommitted;
        await response.BodyWriter.FlushAsync(cancellation);
    }
}
