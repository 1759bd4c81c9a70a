using System.Collections;
using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.Json.Nodes;
using Gateway.Host.Commands.Bench;
using Gateway.Host.Configuration;

namespace Gateway.Host.Commands;

/// <summary>
/// What operators ask of a running gateway, from a command line. They are apart from the server's flags, which have their own table and help:
/// the first word tells which of the two it is, so that starting the server costs nothing more.
/// </summary>
internal static class OperatorCommands
{
    public static IReadOnlyList<string> Names { get; } = ["workers", "models", "route", "bench", "doctor", "top", "completion"];

    public static bool Has(IReadOnlyList<string> args) => args.Count > 0
        && (Names.Contains(args[0], StringComparer.Ordinal) || args[0].StartsWith(CompletionCommand.SuggestDirective, StringComparison.Ordinal));

    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, IDictionary environment, CommandConsole console, CancellationToken cancellation = default)
    {
        var connection = new ConnectionOptions(environment);
        var parsed = Root(connection, console)
            .Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        try
        {
            if (parsed.Action is ParseErrorAction && parsed.Errors is [var error, ..])
                throw new CommandFailure(ExitCode.WrongUsage, $"{Stray(parsed) ?? error.Message.ReplaceLineEndings(" ").TrimEnd('.')}; see gateway {Path(parsed)} --help");
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = console.Out, Error = console.Error };
            return await parsed.InvokeAsync(invocation, cancellation);
        }
        catch (CommandFailure failure)
        {
            return Fail(failure, connection.IsJson(parsed), console);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    /// <summary>All commands with their options.</summary>
    public static RootCommand Root(ConnectionOptions connection, CommandConsole console)
    {
        var root = new RootCommand("Asks a running gateway, or has it do something. 'gateway --help' tells how to start one.")
        {
            new Command("workers", "The workers that the gateway knows.")
            {
                WorkersListCommand.Make(connection, console),
                WorkersAddCommand.Make(connection, console),
                WorkersDrainCommand.Make(connection, console),
                WorkersRemoveCommand.Make(connection, console),
                WorkersWatchCommand.Make(connection, console),
            },
            ModelsCommand.Make(connection, console),
            RouteCommand.Make(connection, console),
            BenchCommand.Make(connection, console),
            DoctorCommand.Make(connection, console),
            TopCommand.Make(connection, console),
            CompletionCommand.Make(console),
        };
        connection.AddTo(root);
        return root;
    }

    private static int Fail(CommandFailure failure, bool isJson, CommandConsole console)
    {
        console.Error.WriteLine($"gateway: {CommandConsole.Printable(failure.Message)}");
        if (isJson)
            console.WriteJson(new JsonObject { ["error"] = failure.Message, ["code"] = failure.Code, ["exit_code"] = failure.ExitCode });
        return failure.ExitCode;
    }

    /// <summary>A word that nobody knows is the cause of whatever is said to be missing.</summary>
    private static string? Stray(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is not [var word, ..])
            return null;
        var command = parsed.CommandResult.Command;
        return $"{word}: unknown{DidYouMean.Hint(word, command.Subcommands.Select(static known => known.Name).Concat(command.Options.Select(static known => known.Name)))}";
    }

    private static string Path(ParseResult parsed)
    {
        var path = parsed.CommandResult.Command.Name;
        return parsed.CommandResult.Parent is System.CommandLine.Parsing.CommandResult { Command: not RootCommand and var parent } ? $"{parent.Name} {path}" : path;
    }
}
