using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Serving;

namespace Gateway.Host.Commands;

/// <summary><c>gateway route</c>: sends a request as a client would, and shows the receipt of where it went.</summary>
internal static class RouteCommand
{
    /// <summary>One token is enough to see where a request goes, and costs the engine least.</summary>
    private const int Tokens = 1;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    public static Command Make(ConnectionOptions connection, CommandConsole console)
    {
        var model = new Option<string>("--model", "-m") { Description = "The model's id or alias. [default the only one there is]", HelpName = "NAME" };
        var prompt = new Option<string>("--prompt") { Description = "What to ask.", HelpName = "TEXT", DefaultValueFactory = static _ => "Hello" };
        var routingKey = new Option<string>("--routing-key") { Description = "Sent as X-SMG-Routing-Key.", HelpName = "KEY" };
        var explain = new Option<bool>("--explain") { Description = "Asks for the receipt, as without it; for those who like to say so." };
        var clientKey = ConnectionOptions.ClientKeyOption();
        var command = new Command("route", "Sends a request of one token, and tells which worker answered it and why.") { model, prompt, routingKey, explain, clientKey };
        CommandSession.Handle(command, connection, console, (session, parsed, cancellation) => RunAsync(
            session,
            parsed.GetValue(model),
            parsed.GetRequiredValue(prompt),
            parsed.GetValue(routingKey),
            connection.ClientKey(parsed, clientKey),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandSession session, string? model, string prompt, string? routingKey, Secret? clientKey, CancellationToken cancellation)
    {
        model ??= await OnlyModelAsync(session.Gateway, cancellation);
        var body = new JsonObject
        {
            ["model"] = model,
            ["max_tokens"] = Tokens,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt }),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/chat/completions", UriKind.Relative))
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add(RouteReceipt.Request, "1");
        if (routingKey is not null)
            request.Headers.Add("X-SMG-Routing-Key", routingKey);
        var start = Stopwatch.GetTimestamp();
        using var response = await session.Gateway.SendAsync(request, clientKey, Timeout, cancellation);
        var took = Stopwatch.GetElapsedTime(start);
        var receipt = new RouteAnswer(
            model,
            response.StatusCode,
            took,
            ReceiptOf(response),
            response.IsSuccessStatusCode ? null : ErrorOf(await response.Content.ReadAsStringAsync(cancellation)),
            response.Headers.TryGetValues("x-request-id", out var ids) ? ids.First() : "");
        var names = receipt.Headers.Count > 0 ? await NamesAsync(session.Gateway, cancellation) : [];
        if (session.IsJson)
            session.Console.WriteJson(receipt.ToJson(names));
        else
            receipt.Write(session.Console, names);
        return response.IsSuccessStatusCode && receipt.Headers.Count > 0 ? ExitCode.Success : ExitCode.Refused;
    }

    private static async Task<string> OnlyModelAsync(ControlPlaneClient gateway, CancellationToken cancellation)
    {
        var models = ServedModel.ListOf(WorkerRow.ListOf(await gateway.GetAsync("/workers", cancellation)));
        return models switch
        {
            [var one] => one.Id,
            [] => throw new CommandFailure(ExitCode.Refused, "no worker serves any model yet; see gateway workers list"),
            _ => throw new CommandFailure(ExitCode.WrongUsage, $"--model: which one? {string.Join(", ", models.Select(static model => model.Id))}"),
        };
    }

    private static Dictionary<string, string> ReceiptOf(HttpResponseMessage response) => RouteReceipt.Headers
        .Where(name => response.Headers.Contains(name))
        .ToDictionary(static name => name, name => string.Join(", ", response.Headers.GetValues(name)));

    /// <summary>The receipt has ids. Their URLs are the control plane's to tell, and not knowing them is no reason to fail.</summary>
    private static async Task<Dictionary<string, string>> NamesAsync(ControlPlaneClient gateway, CancellationToken cancellation)
    {
        try
        {
            return WorkerRow.ListOf(await gateway.GetAsync("/workers", cancellation)).ToDictionary(static worker => worker.Id, static worker => worker.Url);
        }
        catch (CommandFailure)
        {
            return [];
        }
    }

    private static string ErrorOf(string body)
    {
        try
        {
            return (JsonNode.Parse(body)?["error"]?["message"])?.ToString() ?? "";
        }
        catch (Exception failure) when (failure is System.Text.Json.JsonException or InvalidOperationException)
        {
            return "";
        }
    }
}
