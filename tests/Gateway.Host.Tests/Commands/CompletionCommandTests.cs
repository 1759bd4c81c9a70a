using Gateway.Host.Commands;
using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Commands;

/// <summary><c>gateway completion</c>, and which words are commands at all.</summary>
public sealed class CompletionCommandTests
{
    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    public async Task The_script_of_a_shell_asks_the_executable(string shell)
    {
        await using var output = new StringWriter();

        var code = await OperatorCommands.RunAsync(["completion", shell], new Dictionary<string, string>(), new CommandConsole(output, TextWriter.Null, IsTerminal: false));

        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("[suggest:", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "workers", "list")]
    [InlineData(true, "[suggest:3]", "gateway w")]
    [InlineData(false)]
    [InlineData(false, "launch")]
    [InlineData(false, "--worker-urls", "workers")]
    public void The_first_word_alone_makes_it_a_command_for_operators(bool isOne, params string[] args) => Assert.Equal(isOne, OperatorCommands.Has(args));

    [Fact]
    public void A_command_that_was_mistyped_is_named() =>
        Assert.Contains("did you mean workers?", Assert.Throws<ConfigurationException>(static () => CommandLine.Parse(["workes"])).Message, StringComparison.Ordinal);

    [Fact]
    public void The_commands_variable_does_not_keep_the_server_from_starting() =>
        Assert.Empty(EnvironmentVariables.Read(new Dictionary<string, string> { ["GATEWAY_URL"] = "http://127.0.0.1:30000" }));
}
