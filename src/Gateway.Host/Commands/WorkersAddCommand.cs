using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Host.Configuration;

namespace Gateway.Host.Commands;

/// <summary><c>gateway workers add</c>: registers a worker, and waits for it if asked to.</summary>
internal static class WorkersAddCommand
{
    /// <summary>An engine that is up is ready within a second or two; one that loads weights may be given longer.</summary>
    private const double DefaultPatience = 60;

    public static Command Make(ConnectionOptions connection, CommandConsole console)
    {
        var url = new Argument<string>("url") { Description = "Where the engine listens: http://host:port, grpc://host:port." };
        var models = new Option<string[]>("--model") { Description = "A model that it serves, if the engine does not say; may be repeated.", HelpName = "ID" };
        var role = new Option<string>("--role") { Description = "regular, prefill or decode. [default regular]", HelpName = "ROLE" };
        var bootstrap = new Option<int?>("--bootstrap-port") { Description = "Of a prefill worker.", HelpName = "PORT" };
        var priority = new Option<int?>("--priority") { Description = "Higher ones are preferred. [default 50]", HelpName = "N" };
        var labels = new Option<string[]>("--label") { Description = "A label; may be repeated.", HelpName = "NAME=VALUE" };
        var keyFile = new Option<string>("--worker-key-file") { Description = "File that holds the engine's own key.", HelpName = "PATH" };
        var wait = new Option<bool>("--wait") { Description = "Waits until it is ready." };
        var patience = new Option<double>("--timeout")
        {
            Description = $"Longest wait, in seconds. [default {DefaultPatience}]",
            HelpName = "SECS",
            DefaultValueFactory = static _ => DefaultPatience,
        };
        var command = new Command("add", "Registers a worker.") { url, models, role, bootstrap, priority, labels, keyFile, wait, patience };
        CommandSession.Handle(command, connection, console, async (session, parsed, cancellation) =>
        {
            var body = new JsonObject { ["url"] = parsed.GetValue(url) };
            if (parsed.GetValue(models) is { Length: > 0 } ids)
                body["models"] = new JsonArray([.. ids.Select(static id => new JsonObject { ["id"] = id })]);
            if (parsed.GetValue(role) is { } word)
                body["worker_type"] = word;
            if (parsed.GetValue(bootstrap) is { } port)
                body["bootstrap_port"] = port;
            if (parsed.GetValue(priority) is { } rank)
                body["priority"] = rank;
            if (parsed.GetValue(labels) is { Length: > 0 } pairs)
                body["labels"] = LabelsOf(pairs);
            if (parsed.GetValue(keyFile) is { } path)
                body["api_key"] = ConnectionOptions.ReadKeyFile("--worker-key-file", path).Reveal();
            var limit = WorkerWait.Limit("--timeout", parsed.GetValue(patience));
            return await RunAsync(session, body, parsed.GetValue(wait) ? limit : null, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(CommandSession session, JsonObject body, TimeSpan? wait, CancellationToken cancellation)
    {
        var answer = await session.Gateway.AskAsync(HttpMethod.Post, "/workers", body, cancellation);
        var id = answer["worker_id"]!.ToString();
        if (wait is { } limit)
        {
            var ready = await WorkerWait.UntilAsync(session.Gateway, id, static worker => worker?.Status == "ready", limit, cancellation);
            session.Tell(ready!.Json.DeepClone(), $"{ready.Url} is ready, as {id}, and serves {ready.ModelNames}");
        }
        else
        {
            session.Tell(answer, $"{answer["url"]} is registered as {id}; it takes requests as soon as it is ready");
        }

        return ExitCode.Success;
    }

    private static JsonObject LabelsOf(string[] pairs)
    {
        var labels = new JsonObject();
        foreach (var pair in pairs)
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
                throw new CommandFailure(ExitCode.WrongUsage, $"--label: '{pair}' is not NAME=VALUE");
            labels[pair[..at]] = pair[(at + 1)..];
        }

        return labels;
    }
}
