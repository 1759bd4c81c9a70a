using System.Globalization;
using System.Text.Json;
using Gateway.Simulator.Hosting;

namespace Gateway.Simulator.Disaggregation;

/// <summary>
/// What a prefill worker answers at its bootstrap port. <c>GET /rooms/{room}</c> waits until the keys and values of the room are
/// computed, and hands them over with its answer; a real pair moves them by RDMA, and this takes no time.
/// </summary>
internal sealed class BootstrapServer(WorkerLife life) : IRequestHandler
{
    private const string RoomsPath = "/rooms/";

    public async Task HandleAsync(HttpContext context)
    {
        var gone = context.RequestAborted;
        try
        {
            if (life.Refuses)
                context.Abort();
            else if (ReadRoom(context.Request.Path.Value) is { } id)
                await AnswerAsync(context, id, gone);
            else
                context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        catch (Exception error) when (error is OperationCanceledException or IOException && gone.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext context, long id, CancellationToken gone)
    {
        string? engine = context.Request.Query["engine"];
        if (engine is not null && !life.Rooms.IsOpen(id))
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "there was no such prefill, or it has been fetched");
            return;
        }

        if (await life.Rooms.FindAsync(id, gone) is not { } room)
        {
            await RefuseAsync(context, StatusCodes.Status410Gone, "the room was abandoned");
            return;
        }

        if (engine is not null && engine != life.KvEngineNameOf(room.Rank))
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "they are on another engine");
            return;
        }

        if (int.TryParse(context.Request.Query["dp_rank"], CultureInfo.InvariantCulture, out var rank) && rank != room.Rank)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, $"they are not on data-parallel rank {rank}");
            return;
        }

        if (!await room.Generation.Computed.WaitAsync(gone) || room.Generation.End is GenerationEnd.Aborted or GenerationEnd.Failed)
            await RefuseAsync(context, StatusCodes.Status410Gone, "the room was abandoned");
        else if (!room.TryTake())
            await RefuseAsync(context, StatusCodes.Status409Conflict, "another decode worker has fetched them");
        else
            await HandOverAsync(context, room);
    }

    private static async Task HandOverAsync(HttpContext context, Room room)
    {
        // Of which prompt they are, so that a decode worker notices if it was paired with another one.
        await context.Response.WriteAsync(PromptName.Of(room.Generation.Prompt), context.RequestAborted);
        await context.Response.CompleteAsync();
        room.Generation.HandOver();
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(reason, context.RequestAborted);
    }

    private static long? ReadRoom(string? path) =>
        path is not null
        && path.StartsWith(RoomsPath, StringComparison.Ordinal)
        && long.TryParse(path.AsSpan(RoomsPath.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
}
