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
}
