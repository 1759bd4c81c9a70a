using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Configuration;

/// <summary>Runs the gateway's configuration as Program does, without a process.</summary>
internal static class Load
{
    public static LoadedConfiguration All(string commandLine, Dictionary<string, string>? environment = null)
    {
        var args = commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return ConfigurationLoader.Load(
            Assert.IsType<CommandLineRequest.Launch>(CommandLine.Parse(args)),
            EnvironmentVariables.Ours(environment ?? []));
    }

    public static GatewayOptions Options(string commandLine, Dictionary<string, string>? environment = null) =>
        All(commandLine, environment).Options;

    /// <summary>The line with which start-up ends.</summary>
    public static string Error(string commandLine, Dictionary<string, string>? environment = null)
    {
        var message = Assert.Throws<ConfigurationException>(() => All(commandLine, environment)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
