using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Host.Configuration;

namespace Gateway.Host.Commands;

/// <summary><c>gateway models</c>: what is served, and by how many.</summary>
internal static class ModelsCommand
{
    public static Command Make(ConnectionOptions connection, CommandConsole console)
    {
        var command = new Command("models", "Lists the models, and how many workers serve each of them.");
        CommandSession.Handle(command, connection, console, (session, _, cancellation) => RunAsync(session, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandSession session, CancellationToken cancellation)
    {
        var models = ServedModel.ListOf(WorkerRow.ListOf(await session.Gateway.GetAsync("/workers", cancellation)));
        if (session.IsJson)
        {
            session.Console.WriteJson(new JsonObject { ["models"] = new JsonArray([.. models.Select(static model => model.ToJson())]) });
            return ExitCode.Success;
        }

        var table = new TextTable("MODEL", "ALIASES", "READY", "WORKERS", "ROLES", "LOAD", "CONTEXT");
        foreach (var model in models)
        {
            table.Add(
                model.Id, string.Join(',', model.Aliases), new Cell($"{model.Ready}", model.Ready == model.Workers ? Tone.Good : model.Ready > 0 ? Tone.Warning : Tone.Bad),
                $"{model.Workers}", string.Join(',', model.Roles), $"{model.Load}", model.ContextLength is { } length ? $"{length}" : "");
        }

        table.Write(session.Console);
        return ExitCode.Success;
    }
}
