using System.CommandLine;
using System.Text.Json.Nodes;

namespace Gateway.Host.Commands;

/// <summary>What a command has while it runs.</summary>
/// <param name="Gateway">The gateway it is about.</param>
/// <param name="Console">Where it writes.</param>
/// <param name="IsJson">Programs read it.</param>
internal sealed record CommandSession(ControlPlaneClient Gateway, CommandConsole Console, bool IsJson)
{
    /// <summary>Has a command run with a session of its own.</summary>
    public static void Handle(
        Command command,
        ConnectionOptions connection,
        CommandConsole console,
        Func<CommandSession, ParseResult, CancellationToken, Task<int>> run) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            using var gateway = connection.Connect(parsed);
            return await run(new CommandSession(gateway, console, connection.IsJson(parsed)), parsed, cancellation);
        });

    /// <summary>The whole answer for programs, one line for people.</summary>
    public void Tell(JsonNode answer, string line)
    {
        if (IsJson)
            Console.WriteJson(answer);
        else
            Console.WriteLine(line);
    }
}
