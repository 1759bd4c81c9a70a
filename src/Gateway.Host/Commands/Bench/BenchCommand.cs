using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Commands.Bench;

/// <summary><c>gateway bench</c>: what clients of an OpenAI-compatible server would see under load.</summary>
internal static class BenchCommand
{
    private const int DefaultRequests = 100;

    /// <summary>Of requests that begin at a rate, unless the user says less: enough for any rate, and an end for a server that answers none.</summary>
    private const int MostAtOnce = 10_000;

    public static Command Make(ConnectionOptions connection, CommandConsole console)
    {
        var model = new Option<string>("--model", "-m") { Description = "The model's id or alias. [default the only one that /v1/models lists]", HelpName = "NAME" };
        var endpoint = new Option<string>("--endpoint") { Description = "chat or completions.", HelpName = "NAME", DefaultValueFactory = static _ => "chat" };
        endpoint.AcceptOnlyFromAmong("chat", "completions");
        var requests = new Option<int?>("--requests", "-n") { Description = $"How many. [default {DefaultRequests}, or without end with --duration]", HelpName = "N" };
        var duration = new Option<double?>("--duration") { Description = "No request begins after so many seconds.", HelpName = "SECS" };
        var concurrency = new Option<int?>("--concurrency", "-c") { Description = $"Requests at once. [default 8; with --rate {MostAtOnce}]", HelpName = "N" };
        var rate = new Option<double?>("--rate") { Description = "Requests a second, whatever becomes of those before.", HelpName = "N" };
        var even = new Option<bool>("--even") { Description = "With --rate: the same time between all, instead of as chance has it." };
        var whole = new Option<bool>("--no-stream") { Description = "Asks for answers in one piece." };
        var tokens = new Option<int>("--max-tokens") { Description = "Of each answer.", HelpName = "N", DefaultValueFactory = static _ => 64 };
        var prompt = new Option<string>("--prompt") { Description = "What to ask, each time. [default made-up prompts, none twice]", HelpName = "TEXT" };
        var prompts = new Option<string>("--prompts") { Description = "File with a prompt a line, taken in turn.", HelpName = "PATH" };
        var size = new Option<int>("--prompt-size") { Description = "Characters of a made-up prompt.", HelpName = "N", DefaultValueFactory = static _ => 400 };
        var shared = new Option<int>("--shared-size") { Description = "Characters of it that begin all prompts.", HelpName = "N" };
        var warmUp = new Option<int>("--warm-up") { Description = "Requests before those that count.", HelpName = "N" };
        var timeout = new Option<double>("--timeout") { Description = "Seconds for one request.", HelpName = "SECS", DefaultValueFactory = static _ => 300 };
        var clientKey = ConnectionOptions.ClientKeyOption();
        var command = new Command("bench", "Sends load to a gateway, or to any server that speaks OpenAI's API, and tells how it answered.")
        {
            model, endpoint, requests, duration, concurrency, rate, even, whole, tokens, prompt, prompts, size, shared, warmUp, timeout, clientKey,
        };
        CommandSession.Handle(command, connection, console, async (session, parsed, cancellation) =>
        {
            if (parsed.GetValue(prompt) is not null && parsed.GetValue(prompts) is not null)
                throw new CommandFailure(ExitCode.WrongUsage, "--prompts: cannot be given together with --prompt");
            if (parsed.GetValue(even) && parsed.GetValue(rate) is null)
                throw new CommandFailure(ExitCode.WrongUsage, "--even: means nothing without --rate");
            var key = connection.ClientKey(parsed, clientKey);
            var plan = new BenchPlan(
                parsed.GetValue(endpoint) == "chat",
                parsed.GetValue(model) ?? "",
                !parsed.GetValue(whole),
                (int)AtLeast("--max-tokens", parsed.GetValue(tokens), 1),
                (int)AtLeast("--requests", parsed.GetValue(requests) ?? (parsed.GetValue(duration) is null ? DefaultRequests : int.MaxValue), 1),
                parsed.GetValue(duration) is { } seconds ? WorkerWait.Limit("--duration", seconds) : null,
                (int)AtLeast("--concurrency", parsed.GetValue(concurrency) ?? (parsed.GetValue(rate) is null ? 8 : MostAtOnce), 1),
                parsed.GetValue(rate) is { } perSecond ? AtLeast("--rate", perSecond, 0.001) : null,
                parsed.GetValue(even),
                (int)AtLeast("--warm-up", parsed.GetValue(warmUp), 0),
                WorkerWait.Limit("--timeout", parsed.GetValue(timeout)));
            var asked = new BenchPrompts(
                Given(parsed.GetValue(prompt), parsed.GetValue(prompts)),
                (int)AtLeast("--prompt-size", parsed.GetValue(size), 1),
                (int)AtLeast("--shared-size", parsed.GetValue(shared), 0));
            if (plan.Model.Length == 0)
                plan = plan with { Model = await OnlyModelAsync(session.Gateway, key, cancellation) };
            using var load = new BenchLoad(session.Gateway.Address, plan, asked, key);
            return await RunAsync(session, plan, load, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(CommandSession session, BenchPlan plan, BenchLoad load, CancellationToken cancellation)
    {
        if (plan.WarmUp > 0)
            await load.WarmUpAsync(cancellation);
        var report = new BenchReport();
        var run = load.RunAsync(report.Add, cancellation);
        if (session.Console.IsTerminal && !session.IsJson)
            await BenchProgress.ShowAsync(session.Console.Error, plan, report, load, run);
        var isInterrupted = false;
        try
        {
            await run;
        }
        catch (OperationCanceledException)
        {
            // What there is is told all the same.
            isInterrupted = true;
        }

        if (session.IsJson)
            session.Console.WriteJson(report.ToJson(plan, isInterrupted));
        else if (report.Complete + report.Failed > 0)
            BenchTables.Write(report, plan, session.Console);
        return isInterrupted ? ExitCode.Interrupted
            : report.Failures.Count > 0 && report.Complete == 0 && report.Failures.Keys.All(static kind => kind.Ending == BenchEnding.NoConnection) ? ExitCode.NotReachable
            : report.Failed > 0 ? ExitCode.Refused
            : ExitCode.Success;
    }

    private static async Task<string> OnlyModelAsync(ControlPlaneClient server, Secret? key, CancellationToken cancellation)
    {
        var answer = await server.GetAsync("/v1/models", key, cancellation);
        string[] ids = answer["data"] is JsonArray models
            ? [.. models.OfType<JsonObject>().Where(static model => model["id"] is not null).Select(static model => model["id"]!.ToString())]
            : [];
        return ids switch
        {
            [var one] => one,
            [] => throw new CommandFailure(ExitCode.Refused, $"{server.Address} serves no model yet; --model names one all the same"),
            _ => throw new CommandFailure(ExitCode.WrongUsage, $"--model: which one? {string.Join(", ", ids)}"),
        };
    }

    private static string[] Given(string? prompt, string? path)
    {
        if (prompt is not null)
            return [prompt];
        if (path is null)
            return [];
        try
        {
            string[] lines = [.. File.ReadLines(path).Where(static line => line.Length > 0)];
            return lines.Length > 0 ? lines : throw new CommandFailure(ExitCode.WrongUsage, $"--prompts: {path} is empty");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.WrongUsage, $"--prompts: {failure.Message}");
        }
    }

    private static double AtLeast(string flag, double value, double least) => value >= least
        ? value
        : throw new CommandFailure(ExitCode.WrongUsage, string.Create(CultureInfo.InvariantCulture, $"{flag}: {value} is less than {least}"));
}
