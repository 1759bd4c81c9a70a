using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>Sends the answer of a generation to the client, as it appears or whole.</summary>
internal static class AnswerDelivery
{
    public static async Task SendAsync(Exchange exchange, Generation generation, AnswerFormat format, bool stream)
    {
        if (!stream)
        {
            await SendWholeAsync(exchange, generation, format);
            return;
        }

        using var events = new EventStream(exchange);
        try
        {
            await StreamAsync(exchange, generation, format, events);
        }
        catch (StreamFaultException fault)
        {
            await events.FlushAsync();
            generation.Fail();
            await exchange.BreakAsync(fault.Kind);
        }
    }

    private static async Task SendWholeAsync(Exchange exchange, Generation generation, AnswerFormat format)
    {
        await exchange.BreakIfFaultyAsync();
        await generation.WaitForResultAsync(exchange.Aborted);
        await exchange.WriteJsonAsync(StatusCodes.Status200OK, json => format.WriteWhole(json, generation));
    }

    private static async Task StreamAsync(Exchange exchange, Generation generation, AnswerFormat format, EventStream events)
    {
        var sent = new int[generation.Sequences.Count];
        var closed = new bool[sent.Length];
        while (closed.Contains(false))
        {
            await generation.WaitAsync(exchange.Aborted);
            ThrowIfLost(generation);
            var aborted = generation.End == GenerationEnd.Aborted;
            for (var choice = 0; choice < sent.Length; choice++)
            {
                var emitted = generation.Sequences[choice].Emitted;
                var ends = aborted || emitted == generation.Sequences[choice].Answer.Tokens.Length;
                if (closed[choice] || (emitted == sent[choice] && !ends))
                    continue;
                format.WriteProgress(events, generation, choice, sent[choice], emitted, ends);
                sent[choice] = emitted;
                closed[choice] = ends;
            }

            await events.FlushAsync();
        }

        // The last token is out a moment before the engine has settled its books.
        await generation.WaitForEndAsync(exchange.Aborted);
        format.WriteTail(events, generation);
        events.WriteDone();
        await events.FlushAsync();
    }

    private static void ThrowIfLost(Generation generation)
    {
        if (generation.End == GenerationEnd.Failed)
            throw new EngineStoppedException();
    }
}
