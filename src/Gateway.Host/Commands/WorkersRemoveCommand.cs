using System.CommandLine;
using Gateway.Host.Configuration;

namespace Gateway.Host.Commands;

/// <summary><c>gateway workers remove</c>: takes a worker out at once, for an engine that is gone or must not get another request.</summary>
internal static class WorkersRemoveCommand
{
    public static Command Make(ConnectionOptions connection, CommandConsole console)
    {
        var worker = new Argument<string>("worker") { Description = WorkerWords.Description };
        var command = new Command("remove", "Takes a worker out at once. Requests that run on it go on; 'drain' waits for them.") { worker };
        CommandSession.Handle(command, connection, console, (session, parsed, cancellation) =>
            RunAsync(session, parsed.GetRequiredValue(worker), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandSession session, string word, CancellationToken cancellation)
    {
        var worker = await WorkerWords.FindAsync(session.Gateway, word, cancellation);
        var answer = await session.Gateway.AskAsync(HttpMethod.Delete, $"/workers/{worker.Id}?force=true", body: null, cancellation);
        session.Tell(answer, $"{worker.Url} ({worker.Id}): {answer["message"]}");
        return ExitCode.Success;
    }
}
