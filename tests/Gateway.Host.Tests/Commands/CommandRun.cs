using System.Collections;
using System.Text.Json;
using Gateway.Host.Commands;
using Gateway.Host.Tests.EndToEnd;

namespace Gateway.Host.Tests.Commands;

/// <summary>A command that has ended.</summary>
internal sealed record CommandRun(int Code, string Output, string Errors)
{
    public JsonElement Json => JsonElement.Parse(Output);

    /// <summary>Lines of a table, without its titles, as words.</summary>
    public string[][] Rows => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    public static Task<CommandRun> OnAsync(LiveGateway gateway, params string[] args) => WithAsync(new Hashtable(), UrlOf(gateway), args);

    public static async Task<CommandRun> WithAsync(Hashtable environment, string url, params string[] args)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var errors = new StringWriter { NewLine = "\n" };
        var code = await OperatorCommands.RunAsync([.. args, "--url", url], environment, new CommandConsole(output, errors, IsTerminal: false));
        return new CommandRun(code, output.ToString(), errors.ToString());
    }

    public static string UrlOf(LiveGateway gateway) => gateway.Client.BaseAddress!.ToString();
}
