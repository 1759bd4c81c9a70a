using Gateway.Actors.Engines.Generation;
using Gateway.Host.Serving.Tokens.Answers;

namespace Gateway.Host.Serving.Tokens;

/// <summary>Reads what an engine generates, and writes it.</summary>
internal sealed class AnswerRun(Exchange exchange, GenerationPlan plan, IAnswerWriter writer, ActivityTimeout timeout) : IDisposable
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
            var isAwaited = !next.IsCompleted;
            if (isAwaited)
            {
                // Nothing more is waiting, so what is there leaves now.
                await FlushAsync();
                if (HasBegun)
                    timeout.AwaitMore();
                else
                    timeout.Resume();
            }

            if (!await next)
                throw new EngineException(EngineFault.Unreachable, "the stream ended before all choices were complete");
            timeout.Pause();
            exchange.Lease.Answering.EndPrefill();
            if (isAwaited || exchange.Times.FirstPieceAt == 0)
                exchange.Arrived(timeout.PausedAt);
            Take(generation.Current);
        }
    }

    public async ValueTask CompleteAsync()
    {
        Begin();
        var usage = Sum();
        writer.Complete(usage);
        exchange.Usage?.Say(usage.PromptTokens + usage.CompletionTokens);
        exchange.Tokens = usage;
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
        await ClientFlush.RunAsync(exchange, timeout);
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
