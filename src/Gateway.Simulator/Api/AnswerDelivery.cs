using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>Sends the answer of a request's generations to the client, as it appears or whole.</summary>
internal static class AnswerDelivery
{
    public static async Task SendAsync(Exchange exchange, Submission submission, AnswerFormat format, bool stream)
    {
        var generations = submission.Generations;
        if (!stream)
        {
            await SendWholeAsync(exchange, generations, format);
            return;
        }

        using var events = new EventStream(exchange);
        try
        {
            await StreamAsync(exchange, generations, format, events);
        }
        catch (StreamFaultException fault)
        {
            await events.FlushAsync();
            foreach (var generation in generations)
                generation.Fail();
            await exchange.BreakAsync(fault.Kind);
        }
        catch (GenerationFailedException failure)
        {
            // SGLang ends a stream as ever also after an error.
            events.WriteError(ApiException.Failed(failure));
            events.WriteDone();
            await events.FlushAsync();
        }
    }

    private static async Task SendWholeAsync(Exchange exchange, IReadOnlyList<Generation> generations, AnswerFormat format)
    {
        await exchange.BreakIfFaultyAsync();
        foreach (var generation in generations)
            await generation.WaitForResultAsync(exchange.Aborted);
        await exchange.WriteJsonAsync(StatusCodes.Status200OK, json => format.WriteWhole(json, generations));
    }

    private static async Task StreamAsync(Exchange exchange, IReadOnlyList<Generation> generations, AnswerFormat format, EventStream events)
    {
        if (exchange.Options.Role != SimulatorRole.Regular)
            await events.SendHeadAsync();
        if (exchange.Options.Role == SimulatorRole.Prefill)
        {
            foreach (var generation in generations)
                await generation.WaitForResultAsync(exchange.Aborted);
        }

        var open = new List<StreamCursor>(generations.Count);
        var choices = 0;
        foreach (var generation in generations)
        {
            open.Add(new StreamCursor(generation, choices));
            choices += generation.Sequences.Count;
        }

        while (open.Count > 0)
        {
            await StreamCursor.WaitForAnyAsync(open, exchange.Aborted);
            open.ForEach(cursor => cursor.Write(events, format));
            open.RemoveAll(static cursor => cursor.IsAtEnd);
            await events.FlushAsync();
        }

        // The last token is out a moment before the engine has settled its books.
        foreach (var generation in generations)
            await generation.WaitForEndAsync(exchange.Aborted);
        format.WriteTail(events, generations);
        events.WriteDone();
        await events.FlushAsync();
    }
}
