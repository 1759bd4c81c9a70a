using System.Collections;
using Gateway.Host.Commands;
using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Documentation;

public sealed class CommandLinePageTests
{
    private static readonly string Page = RepositoryFile.Read("docs/command-line.md");

    [Fact]
    public void The_page_tells_every_command() =>
        Assert.All(OperatorCommands.Names, static name => Assert.Contains($"`gateway {name}", Page, StringComparison.Ordinal));

    [Theory]
    [InlineData(ExitCode.Success)]
    [InlineData(ExitCode.Refused)]
    [InlineData(ExitCode.WrongUsage)]
    [InlineData(ExitCode.NotReachable)]
    [InlineData(ExitCode.Interrupted)]
    public void The_page_tells_every_way_in_which_a_command_ends(int code) => Assert.Contains($"| {code} |", Page, StringComparison.Ordinal);

    [Theory]
    [InlineData("workers", "list")]
    [InlineData("workers", "add")]
    [InlineData("workers", "drain")]
    [InlineData("workers", "remove")]
    [InlineData("workers", "watch")]
    [InlineData("models")]
    [InlineData("route")]
    [InlineData("doctor")]
    [InlineData("top")]
    public async Task The_page_tells_every_option_of_a_command(params string[] command)
    {
        await using var help = new StringWriter();
        Assert.Equal(0, await OperatorCommands.RunAsync([.. command, "--help"], new Hashtable(), new CommandConsole(help, TextWriter.Null, IsTerminal: false)));

        var options = help.ToString().Split([' ', ',', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Where(static word => word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2);
        Assert.Contains("--json", options);
        Assert.All(options.Except(["--version"]), static option => Assert.Contains(option, Page, StringComparison.Ordinal));
    }
}
