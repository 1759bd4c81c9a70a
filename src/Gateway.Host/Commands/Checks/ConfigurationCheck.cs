using Gateway.Host.Configuration;

namespace Gateway.Host.Commands.Checks;

/// <summary>Reads the server's configuration as the server would.</summary>
internal static class ConfigurationCheck
{
    private const string Name = "configuration";

    public static Finding Run(string? file, ConnectionOptions connection)
    {
        var path = file ?? connection.Variable(EnvironmentVariables.ConfigFile);
        if (path is null)
            return new Finding(Name, Severity.Skipped, "no file was named", $"name the server's with {CommandLine.ConfigFlag} PATH");
        try
        {
            ConfigurationLoader.Load(new CommandLineRequest.Launch([], path), connection.ServerVariables);
            return new Finding(Name, Severity.Ok, $"the server would start with {path}");
        }
        catch (ConfigurationException failure)
        {
            return new Finding(Name, Severity.Failed, failure.Message, "the server would not start with this; mend it before you restart it");
        }
    }
}
