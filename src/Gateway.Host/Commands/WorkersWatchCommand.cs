using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Host.Configuration;

namespace Gateway.Host.Commands;

/// <summary><c>gateway workers watch</c>: a line for whatever happens to the workers, until it is interrupted.</summary>
internal static class WorkersWatchCommand
{
    private const double DefaultInterval = 1;

    public static Command Make(ConnectionOptions connection, CommandConsole console)
    {
        var interval = IntervalOption();
        var command = new Command("watch", "Prints a line for every change of a worker, until it is interrupted.") { interval };
        CommandSession.Handle(command, connection, console, (session, parsed, cancellation) =>
            UntilInterruptedAsync(token => RunAsync(session, WorkerWait.Limit("--interval", parsed.GetValue(interval)), token), cancellation));
        return command;
    }

    /// <summary>To be interrupted is how such a command ends, and no failure.</summary>
    public static async Task<int> UntilInterruptedAsync(Func<CancellationToken, Task> run, CancellationToken cancellation)
    {
        try
        {
            await run(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }

        return ExitCode.Success;
    }

    /// <summary>How often to look.</summary>
    public static Option<double> IntervalOption() => new("--interval")
    {
        Description = $"Seconds between two looks. [default {DefaultInterval}]",
        HelpName = "SECS",
        DefaultValueFactory = static _ => DefaultInterval,
    };

    private static async Task RunAsync(CommandSession session, TimeSpan interval, CancellationToken cancellation)
    {
        IReadOnlyList<WorkerRow> before = [];
        CommandFailure? away = null;
        var isFirst = true;
        while (true)
        {
            try
            {
                var now = WorkerRow.ListOf(await session.Gateway.GetAsync("/workers", cancellation));
                if (away is not null)
                    Write(session, new JsonObject { ["event"] = "reachable" }, "the gateway answers again");
                away = null;
                foreach (var change in WorkerChange.Between(before, now))
                    Write(session, change.ToJson(), change.ToString());
                before = now;
            }
            // A gateway that starts anew is what one watches for. One that is not there at all is a slip in the address.
            catch (CommandFailure failure) when (!isFirst && failure.ExitCode == ExitCode.NotReachable)
            {
                if (away is null)
                    Write(session, new JsonObject { ["event"] = "unreachable", ["error"] = failure.Message }, failure.Message);
                away = failure;
            }

            isFirst = false;
            await Task.Delay(interval, cancellation);
        }
    }

    private static void Write(CommandSession session, JsonObject document, string line)
    {
        var time = DateTimeOffset.UtcNow;
        document["time"] = time;
        session.Tell(document, $"{time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)} {line}");
        session.Console.Out.Flush();
    }
}
