using Gateway.Simulator.Canned;

namespace Gateway.Simulator.Api;

/// <summary>The answers of <see cref="SimulatorMode.Canned"/>: rendered once, sent at the least cost.</summary>
internal static class CannedEndpoints
{
    public static Task ChatAsync(Exchange exchange) => AnswerAsync(exchange, exchange.Life.Canned.Chat, exchange.Life.Canned.ChatStream);

    public static Task CompletionAsync(Exchange exchange) =>
        AnswerAsync(exchange, exchange.Life.Canned.Completion, exchange.Life.Canned.CompletionStream);

    private static async Task AnswerAsync(Exchange exchange, byte[] whole, CannedStream stream)
    {
        var streamed = await StreamFlag.ReadAsync(exchange.Request.BodyReader, exchange.Aborted);
        exchange.Life.Stats.CountStart();
        var end = GenerationEnd.Aborted;
        try
        {
            if (exchange.Options.Canned.Delay is { Ticks: > 0 } delay)
                await Task.Delay(delay, exchange.Options.TimeProvider, exchange.Aborted);
            if (streamed)
                await StreamAsync(exchange, stream);
            else
                await SendAsync(exchange, whole);
            end = GenerationEnd.Finished;
        }
        catch (StreamFaultException)
        {
            end = GenerationEnd.Failed;
            throw;
        }
        finally
        {
            exchange.Life.Stats.CountEnd(end);
        }
    }

    private static async Task SendAsync(Exchange exchange, byte[] whole)
    {
        await exchange.BreakIfFaultyAsync();
        exchange.Response.ContentType = "application/json";
        exchange.Response.ContentLength = whole.Length;
        await exchange.Response.BodyWriter.WriteAsync(whole, exchange.Aborted);
    }

    private static async Task StreamAsync(Exchange exchange, CannedStream stream)
    {
        var output = exchange.Response.BodyWriter;
        exchange.Response.ContentType = "text/event-stream";
        if (exchange.Fault is { Kind: FaultKind.Cut or FaultKind.Stall } fault)
        {
            await output.WriteAsync(stream.FirstEvents(fault.AfterEvents), exchange.Aborted);
            await exchange.BreakAsync(fault.Kind);
        }

        var interval = exchange.Options.Canned.ChunkInterval;
        if (interval == TimeSpan.Zero)
        {
            await output.WriteAsync(stream.Whole, exchange.Aborted);
            return;
        }

        using var ticks = new PeriodicTimer(interval, exchange.Options.TimeProvider);
        await output.WriteAsync(stream.Opening, exchange.Aborted);
        for (var i = 0; i < stream.Chunks; i++)
        {
            await ticks.WaitForNextTickAsync(exchange.Aborted);
            await output.WriteAsync(stream.Chunk, exchange.Aborted);
        }

        await output.WriteAsync(stream.Ending, exchange.Aborted);
    }
}
