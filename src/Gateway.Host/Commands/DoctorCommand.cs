using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Host.Commands.Checks;
using Gateway.Host.Configuration;

namespace Gateway.Host.Commands;

/// <summary><c>gateway doctor</c>: looks at everything that tends to be wrong, and says what to do.</summary>
internal static class DoctorCommand
{
    public static Command Make(ConnectionOptions connection, CommandConsole console)
    {
        var config = new Option<string>(CommandLine.ConfigFlag, "-c")
        {
            Description = $"The server's configuration file, to be checked with its variables. [{EnvironmentVariables.ConfigFile}]",
            HelpName = "PATH",
        };
        var command = new Command("doctor", "Checks the configuration, the gateway, its workers, clocks and tokenizers, and says what to do.") { config };
        CommandSession.Handle(command, connection, console, (session, parsed, cancellation) =>
            RunAsync(session, ConfigurationCheck.Run(parsed.GetValue(config), connection), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandSession session, Finding configuration, CancellationToken cancellation)
    {
        List<Finding> findings = [configuration];
        var code = await ExamineAsync(session.Gateway, findings, cancellation);
        if (session.IsJson)
        {
            session.Console.WriteJson(new JsonObject
            {
                ["status"] = findings.Max(static finding => finding.Severity).ToWord(),
                ["checks"] = new JsonArray([.. findings.Select(static finding => finding.ToJson())]),
            });
        }
        else
        {
            Write(session.Console, findings);
        }

        return code != ExitCode.Success || findings.TrueForAll(static finding => finding.Severity != Severity.Failed) ? code : ExitCode.Refused;
    }

    /// <summary>Whoever cannot be asked one thing is still asked the others.</summary>
    private static async Task<int> ExamineAsync(ControlPlaneClient gateway, List<Finding> findings, CancellationToken cancellation)
    {
        try
        {
            findings.AddRange(await GatewayCheck.RunAsync(gateway, cancellation));
        }
        catch (CommandFailure failure)
        {
            findings.Add(new Finding("gateway", Severity.Failed, failure.Message));
            return failure.ExitCode;
        }

        await AddAsync("workers", () => WorkersCheck.RunAsync(gateway, cancellation));
        await AddAsync("tokenizers", () => TokenizersCheck.RunAsync(gateway, cancellation));
        return ExitCode.Success;

        async Task AddAsync(string name, Func<Task<IReadOnlyList<Finding>>> check)
        {
            try
            {
                findings.AddRange(await check());
            }
            catch (CommandFailure failure)
            {
                findings.Add(new Finding(name, Severity.Failed, failure.Message));
            }
        }
    }

    private static void Write(CommandConsole console, List<Finding> findings)
    {
        var table = new TextTable("CHECK", "STATUS", "FOUND", "DO");
        foreach (var finding in findings)
            table.Add(finding.Check, finding.Severity.ToCell(), finding.Message, finding.Advice);
        table.Write(console);
    }
}
