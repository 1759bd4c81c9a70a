using Gateway.Simulator.Api;
using Gateway.Simulator.Engine;
using Grpc.Core;

namespace Gateway.Simulator.Grpc;

/// <summary>Generates, and sends the answer as it appears or whole. A client that leaves aborts it.</summary>
internal static class TokenAnswerDelivery
{
    /// <param name="part">What of the work is to be done here.</param>
    public static async Task RunAsync<TResponse>(
        ServerCallContext call, TokenRequest request, TokenPart part, TokenAnswerFormat<TResponse> format, IServerStreamWriter<TResponse> output)
    {
        var exchange = call.Exchange();
        var plan = new PromptPlan(request.Id, request.Prompt, TokenAnswers.Of(exchange.Options, request));
        await using var submission = await Submission.StartAsync(exchange, part.Role, [plan], part.Rooms, () => exchange.GetEngine(request.Rank));
        var generation = submission.Generations[0];
        try
        {
            if (part.LeavesRoom)
                await SendComputedAsync(exchange, submission, format, output, call.CancellationToken);
            else if (request.Stream)
                await StreamAsync(exchange, generation, format, output, call.CancellationToken);
            else
                await SendWholeAsync(exchange, generation, format, output, call.CancellationToken);
        }
        catch (StreamFaultException fault)
        {
            generation.Fail();
            await exchange.BreakAsync(fault.Kind);
        }
    }

    private static async Task SendComputedAsync<TResponse>(
        Exchange exchange, Submission submission, TokenAnswerFormat<TResponse> format, IServerStreamWriter<TResponse> output, CancellationToken cancellation)
    {
        if (exchange.Fault is { Kind: FaultKind.Cut or FaultKind.Stall } fault)
            throw new StreamFaultException(fault.Kind);
        var generation = submission.Generations[0];
        if (await generation.Computed.WaitAsync(cancellation))
            submission.LeaveRooms();
        generation.ThrowIfLost();
        foreach (var choice in AnswerChoice.Of([generation]))
            await output.WriteAsync(format.Complete(choice, 0, choice.Emitted), cancellation);
    }

    private static async Task SendWholeAsync<TResponse>(
        Exchange exchange, Generation generation, TokenAnswerFormat<TResponse> format, IServerStreamWriter<TResponse> output, CancellationToken cancellation)
    {
        if (exchange.Fault is { Kind: FaultKind.Cut or FaultKind.Stall } fault)
            throw new StreamFaultException(fault.Kind);
        await generation.WaitForResultAsync(cancellation);
        foreach (var choice in AnswerChoice.Of([generation]))
            await output.WriteAsync(format.Complete(choice, 0, choice.Emitted), cancellation);
    }

    private static async Task StreamAsync<TResponse>(
        Exchange exchange, Generation generation, TokenAnswerFormat<TResponse> format, IServerStreamWriter<TResponse> output, CancellationToken cancellation)
    {
        if (exchange.Options.Role == SimulatorRole.Prefill)
            await generation.WaitForResultAsync(cancellation);
        AnswerChoice[] open = [.. AnswerChoice.Of([generation])];
        var sent = new int[open.Length];
        while (open.Length > 0)
        {
            await generation.WaitAsync(cancellation);
            // Who has the last message may leave: the engine must have settled its books by then.
            if (generation.Sequences.All(static sequence => sequence.IsComplete))
                await generation.WaitForEndAsync(cancellation);
            generation.ThrowIfLost();
            var isAborted = generation.End == GenerationEnd.Aborted;
            foreach (var choice in open)
            {
                var (from, to) = (sent[choice.Index], choice.Emitted);
                sent[choice.Index] = to;
                if (to > from)
                    await output.WriteAsync(format.Chunk(choice, from, to), cancellation);
                if (isAborted || to == choice.Answer.Tokens.Length)
                    await output.WriteAsync(format.Complete(choice, from, to), cancellation);
            }

            open = [.. open.Where(choice => !isAborted && sent[choice.Index] < choice.Answer.Tokens.Length)];
        }
    }
}
