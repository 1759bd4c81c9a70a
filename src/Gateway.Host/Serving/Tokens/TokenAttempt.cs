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
        using var run = new Run(exchange, plan, writer, timeout);
        try
        {
            await using var generation = Start(plan, worker, client, timeout);
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

    private static AnswerShape Shape(GenerationPlan plan) => new(StatusCodes.Status200OK, plan.Stream, MustEndWithDone: plan.Stream);

    private static IGeneration Start(GenerationPlan plan, Worker worker, GrpcEngineClient client, ActivityTimeout timeout)
    {
        var deadline = DateTime.UtcNow + timeout.Remaining;
        if (plan.Prompts.Count == 1)
            return client.Generate(Request(plan, plan.Prompts[0], worker), deadline, timeout.Token);
        var generations = new List<IGeneration>(plan.Prompts.Count);
        foreach (var prompt in plan.Prompts)
            generations.Add(client.Generate(Request(plan, prompt, worker), deadline, timeout.Token));
        return new BatchGeneration(generations, plan.Sampling.Choices);
    }

    private static GenerationRequest Request(GenerationPlan plan, ReadOnlyMemory<int> prompt, Worker worker) => new()
    {
        RequestId = EngineRequestId.New(),
        PromptTokens = prompt,
        Sampling = plan.Sampling,
        Constraint = plan.Constraint,
        // An engine without a tokenizer cannot look for stop texts: it would generate to the end what is thrown away here.
        Stream = plan.Stream || plan.Sampling.Stop.Count > 0,
        TopLogprobs = plan.TopLogprobs,
        PromptLogprobsFrom = plan.PromptLogprobsFrom,
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

    /// <summary>Reads what an engine generates, and writes it.</summary>
    private sealed class Run(Exchange exchange, GenerationPlan plan, IAnswerWriter writer, ActivityTimeout timeout) : IDisposable
    {
        private readonly ChoiceReader?[] _choices = new ChoiceReader?[plan.Choices];
        private readonly (int Prompt, int Cached)[] _prompts = new (int, int)[plan.Prompts.Count];
        private int _open = plan.Choices;
        private int _unsent;

        /// <summary>True once the client may have been sent something.</summary>
        public bool HasBegun { get; private set; }

        public async ValueTask ReadAsync(IGeneration generation)
        {
            while (_open > 0)
            {
                var next = generation.ReadAsync(timeout.Token);
                if (!next.IsCompleted)
                {
                    // Nothing more is waiting, so what is there leaves now.
                    await FlushAsync();
                    if (HasBegun)
                        timeout.AwaitMore();
                }

                if (!await next)
                    throw new EngineException(EngineFault.Unreachable, "the stream ended before all choices were complete");
                timeout.Pause();
                exchange.Lease.Answering.EndPrefill();
                Take(generation.Current);
            }
        }

        public async ValueTask CompleteAsync()
        {
            Begin();
            var usage = Sum();
            writer.Complete(usage);
            exchange.Rates?.Usage?.Say(usage.PromptTokens + usage.CompletionTokens);
            _unsent += writer.TakeWritten();
            await FlushAsync();
        }

        public void Dispose()
        {
            foreach (var choice in _choices)
                choice?.Dispose();
        }

        private void Take(in GenerationStep step)
        {
            if (plan.Stream)
                Begin();
            var choice = _choices[step.Index] ??= new ChoiceReader(step.Index, plan, writer);
            _prompts[step.Index / plan.Sampling.Choices] = (step.PromptTokens, step.CachedTokens);
            var hadEnded = choice.HasEnded;
            choice.Take(step);
            if (choice.HasEnded && !hadEnded)
                _open--;
            _unsent += writer.TakeWritten();
        }

        private void Begin()
        {
            if (HasBegun)
                return;
            HasBegun = true;
            var response = exchange.Context.Response;
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = plan.Stream ? "text/event-stream; charset=utf-8" : "application/json";
            if (plan.Stream)
                response.Headers.CacheControl = "no-cache";
        }

        private async ValueTask FlushAsync()
        {
            if (_unsent == 0)
                return;
            exchange.BytesSent += _unsent;
            _unsent = 0;
            await exchange.Context.Response.BodyWriter.FlushAsync(timeout.Token);
        }

        private Usage Sum()
        {
            var (prompt, cached, completion, reasoning) = (0, 0, 0, 0);
            foreach (var (tokens, found) in _prompts)
                (prompt, cached) = (prompt + tokens, cached + found);
            foreach (var choice in _choices)
                (completion, reasoning) = (completion + (choice?.CompletionTokens ?? 0), reasoning + (choice?.ReasoningTokens ?? 0));
            return new Usage(prompt, completion, cached, reasoning);
        }
    }
}
