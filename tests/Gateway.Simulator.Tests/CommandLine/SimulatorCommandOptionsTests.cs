using System.CommandLine;
using Gateway.Simulator.CommandLine;

namespace Gateway.Simulator.Tests.CommandLine;

public sealed class SimulatorCommandOptionsTests
{
    [Fact]
    public void Without_flags_workers_are_as_the_library_makes_them_but_for_the_port() =>
        Assert.Equal(new SimulatorOptions { Port = 8000 } with { Aliases = [], Faults = [] }, Read());

    [Fact]
    public void Role_bootstrap_and_ranks_can_be_set()
    {
        var options = Read("--role", "prefill", "--bootstrap-port", "8998", "--bootstrap-timeout-ms", "1500", "--dp-size", "4");

        Assert.Equal((SimulatorRole.Prefill, 8998, 4), (options.Role, options.BootstrapPort, options.DataParallelSize));
        Assert.Equal(TimeSpan.FromSeconds(1.5), options.BootstrapTimeout);
    }

    private static SimulatorOptions Read(params string[] args)
    {
        var options = new SimulatorCommandOptions();
        var command = new RootCommand();
        options.AddTo(command);
        var parsed = command.Parse(args);
        Assert.Empty(parsed.Errors);
        return options.Read(parsed);
    }
}
