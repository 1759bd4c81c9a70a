using System.Runtime.CompilerServices;
using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;
using Gateway.Host.Serving.Retries;
using Gateway.Host.Serving.Tokens.Answers;

namespace Gateway.Host.Serving.Tokens;

/// <summary>One try of one request on one token-in engine: has it generate, and writes what it generates as the client's API says it.</summary>
internal sealed class TokenAttempt(AttemptFailure failures, EngineErrors errors, BrokenAnswer brokenAnswer, RetryRules retries)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptEnd> RunAsync(
        Exchange exchange, GenerationPlan plan, Worker worker, GrpcEngineClient client, ActivityTimeout timeout)
    {
        timeout.AwaitFirstByte();
        using var writer = plan.CreateWriter(exchange.Context.Response);
        using var run = new AnswerRun(exchange, plan, writer, timeout);
        try
        {
            await using var generation = Start(plan, worker, client, timeout, EngineTrace.Of(exchange, worker));
            await run.ReadAsync(generation);
            await run.CompleteAsync();
            return AttemptEnd.Answered(StatusCodes.Status200OK);
        }
        catch (Exception exception) when (exception is EngineException || UpstreamFailure.Is(exception))
        {
            if (run.HasBegun)
                return await brokenAnswer.EndAsync(exchange, worker, Shape(plan), isBetweenEvents: true, timeout.Cause, exception);
            return Failed(exchange, worker, exception, timeout.Cause);
        }
    }

    public static AnswerShape Shape(GenerationPlan plan) => new(StatusCodes.Status200OK, plan.Stream, MustEndWithDone: plan.Stream);

    private static IGeneration Start(
        GenerationPlan plan, Worker worker, GrpcEngineClient client, ActivityTimeout timeout, TraceContext trace)
    {
        var deadline = DateTime.UtcNow + timeout.Remaining;
        if (plan.Prompts.Count == 1)
            return client.Generate(Request(plan, plan.Prompts[0], worker), deadline, timeout.Token, trace);
        var generations = new List<IGeneration>(plan.Prompts.Count);
        try
        {
            foreach (var prompt in plan.Prompts)
                generations.Add(client.Generate(Request(plan, prompt, worker), deadline, timeout.Token, trace));
            return new BatchGeneration(generations, plan.Sampling.Choices);
        }
        catch
        {
            // Those that were started would generate for nobody. Their disposal waits for nothing.
            _ = new BatchGeneration(generations, plan.Sampling.Choices).DisposeAsync().AsTask();
            throw;
        }
    }

    /// <summary>What an engine is asked for one prompt, if it does it alone.</summary>
    public static GenerationRequest Request(GenerationPlan plan, ReadOnlyMemory<int> prompt, Worker worker) => new()
    {
        RequestId = EngineRequestId.New(),
        PromptTokens = prompt,
        Sampling = plan.Sampling,
        Constraint = plan.Constraint,
        // An engine without a tokenizer cannot look for stop texts: it would generate to the end what is thrown away here.
        Stream = plan.Stream || plan.Sampling.Stop.Count > 0,
        TopLogprobs = plan.TopLogprobs,
        PromptLogprobsFrom = plan.PromptLogprobsFrom,
        CountsReasoning = plan.Output?.MayReason == true,
        Images = plan.Images,
        DataParallelRank = worker.Spec.Url.Rank,
    };

    /// <summary>What a failure before the first byte means for the worker and for the request.</summary>
    public AttemptEnd Failed(Exchange exchange, Worker worker, Exception exception, StopCause cause)
    {
        if (cause != StopCause.None || exception is not EngineException { Fault: not EngineFault.Unreachable } failure)
            return failures.Of(exchange, worker, UpstreamFailure.Describe(exception), cause);
        var error = errors.Of(failure);
        return retries.For(exchange.Model, worker).Retries(error.Status, exchange.Attempts)
            ? AttemptEnd.SetAside(EngineErrors.AnswerOf(error))
            : AttemptEnd.Answered(error.Status) with { Error = error };
    }
}
