using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Host.Configuration;

namespace Gateway.Host.Commands;

/// <summary><c>gateway top</c>: the workers and their loads, again and again.</summary>
internal static class TopCommand
{
    public static Command Make(ConnectionOptions connection, CommandConsole console)
    {
        var interval = WorkersWatchCommand.IntervalOption();
        var count = new Option<int?>("--count", "-n")
        {
            Description = "Looks so many times. [default without end on a terminal and with --json, else once]",
            HelpName = "N",
        };
        var command = new Command("top", "Shows the workers and their loads, busiest first, until it is interrupted.") { interval, count };
        CommandSession.Handle(command, connection, console, (session, parsed, cancellation) =>
        {
            var pause = WorkerWait.Limit("--interval", parsed.GetValue(interval));
            var looks = parsed.GetValue(count) ?? (session.IsJson || console.IsTerminal ? int.MaxValue : 1);
            return WorkersWatchCommand.UntilInterruptedAsync(
                token => console.IsTerminal && !session.IsJson
                    ? LiveTable.RunAsync(console.Out, stop => LookAsync(session.Gateway, stop), pause, looks, token)
                    : PrintAsync(session, pause, looks, token),
                cancellation);
        });
        return command;
    }

    private static async Task PrintAsync(CommandSession session, TimeSpan pause, int looks, CancellationToken cancellation)
    {
        for (var look = 0; look < looks; look++)
        {
            if (look > 0)
                await Task.Delay(pause, cancellation);
            var answer = await session.Gateway.GetAsync("/workers", cancellation);
            if (session.IsJson)
                session.Console.WriteJson(new JsonObject { ["time"] = DateTimeOffset.UtcNow, ["workers"] = answer["workers"]?.DeepClone() });
            else
                WorkersListCommand.TableOf(BusiestFirst(answer)).Write(session.Console);
            await session.Console.Out.FlushAsync(cancellation);
        }
    }

    private static async Task<(string Title, TextTable Table)> LookAsync(ControlPlaneClient gateway, CancellationToken cancellation)
    {
        try
        {
            var workers = BusiestFirst(await gateway.GetAsync("/workers", cancellation));
            var ready = workers.Count(static worker => worker.Status == "ready");
            return (
                string.Create(CultureInfo.InvariantCulture, $"{gateway.Address}  {ready} of {workers.Count} ready, {workers.Sum(static worker => worker.Load)} requests  {DateTimeOffset.UtcNow:HH:mm:ss}Z"),
                WorkersListCommand.TableOf(workers));
        }
        // One that starts anew is shown again when it is back.
        catch (CommandFailure failure) when (failure.ExitCode == ExitCode.NotReachable)
        {
            return (failure.Message, WorkersListCommand.TableOf([]));
        }
    }

    private static IReadOnlyList<WorkerRow> BusiestFirst(JsonObject answer) =>
        [.. WorkerRow.ListOf(answer).OrderByDescending(static worker => worker.Load)];
}
