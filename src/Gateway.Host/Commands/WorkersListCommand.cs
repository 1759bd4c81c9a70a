using System.CommandLine;
using System.Globalization;
using Gateway.Host.Configuration;

namespace Gateway.Host.Commands;

/// <summary><c>gateway workers list</c>: who is there, and how they are.</summary>
internal static class WorkersListCommand
{
    public static Command Make(ConnectionOptions connection, CommandConsole console)
    {
        var model = new Option<string>("--model") { Description = "Only workers that serve it, by id or alias.", HelpName = "NAME" };
        var command = new Command("list", "Lists the workers, their states and why they are in them.") { model };
        CommandSession.Handle(command, connection, console, (session, parsed, cancellation) => RunAsync(session, parsed.GetValue(model), cancellation));
        return command;
    }

    /// <summary>Also what <c>gateway top</c> shows.</summary>
    public static TextTable TableOf(IEnumerable<WorkerRow> workers)
    {
        var table = new TextTable("ID", "URL", "MODELS", "ROLE", "STATUS", "LOAD", "BREAKER", "REASON");
        foreach (var worker in workers)
        {
            table.Add(
                worker.ShortId, worker.Url, worker.ModelNames, worker.Role, worker.StatusCell,
                worker.Load.ToString(CultureInfo.InvariantCulture), worker.BreakerCell, worker.Reason);
        }

        return table;
    }

    private static async Task<int> RunAsync(CommandSession session, string? model, CancellationToken cancellation)
    {
        var query = model is null ? "" : $"?model={Uri.EscapeDataString(model)}";
        var answer = await session.Gateway.GetAsync($"/workers{query}", cancellation);
        if (session.IsJson)
            session.Console.WriteJson(answer);
        else
            TableOf(WorkerRow.ListOf(answer)).Write(session.Console);
        return ExitCode.Success;
    }
}
