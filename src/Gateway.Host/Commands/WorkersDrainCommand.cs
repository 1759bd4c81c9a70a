using System.CommandLine;
using System.Globalization;
using Gateway.Host.Configuration;

namespace Gateway.Host.Commands;

/// <summary><c>gateway workers drain</c>: no new requests for a worker; it is removed after its last one.</summary>
internal static class WorkersDrainCommand
{
    /// <summary>Past the worker's own deadline, for the registry to carry it out.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>How long <c>--wait</c> waits if no deadline was named: as long as the server's default drains.</summary>
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromHours(1);

    public static Command Make(ConnectionOptions connection, CommandConsole console)
    {
        var worker = new Argument<string>("worker") { Description = WorkerWords.Description };
        var deadline = new Option<double?>("--timeout")
        {
            Description = "It is removed after so many seconds, even if requests still run. [default the worker's, or the server's drain-timeout-secs]",
            HelpName = "SECS",
        };
        var wait = new Option<bool>("--wait") { Description = "Waits until it is gone: then the engine may be stopped." };
        var command = new Command("drain", "Takes a worker out after its running requests.") { worker, deadline, wait };
        CommandSession.Handle(command, connection, console, (session, parsed, cancellation) => RunAsync(
            session,
            parsed.GetRequiredValue(worker),
            parsed.GetValue(deadline) is { } seconds ? WorkerWait.Limit("--timeout", seconds) : null,
            parsed.GetValue(wait),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandSession session, string word, TimeSpan? deadline, bool wait, CancellationToken cancellation)
    {
        var worker = await WorkerWords.FindAsync(session.Gateway, word, cancellation);
        var query = deadline is { } limit ? string.Create(CultureInfo.InvariantCulture, $"?drain_timeout_secs={limit.TotalSeconds}") : "";
        var answer = await session.Gateway.AskAsync(HttpMethod.Delete, $"/workers/{worker.Id}{query}", body: null, cancellation);
        if (wait)
        {
            await WorkerWait.UntilAsync(session.Gateway, worker.Id, static found => found is null, (deadline ?? DefaultPatience) + Grace, cancellation);
            answer["message"] = "drained and removed";
        }

        session.Tell(answer, $"{worker.Url} ({worker.Id}): {answer["message"]}");
        return ExitCode.Success;
    }
}
