using Gateway.Host.Commands;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;

if (OperatorCommands.Has(args))
    return await OperatorCommands.RunAsync(args, Environment.GetEnvironmentVariables(), CommandConsole.Process());

GatewayOptions? options = null;
try
{
    var request = CommandLine.Parse(args);
    if (request is not CommandLineRequest.Launch launch)
    {
        Console.Out.Write(request switch
        {
            CommandLineRequest.ShowHelp => HelpText.Render(),
            CommandLineRequest.MakeKey => NewKey.Text(),
            _ => $"gateway {HelpText.Version}\n",
        });
        return ExitCode.Success;
    }

    var configuration = ConfigurationLoader.Load(launch, EnvironmentVariables.Ours(Environment.GetEnvironmentVariables()));
    foreach (var notice in configuration.Notices)
        Console.Error.WriteLine($"gateway: {notice}");

    options = configuration.Options;
    await using var gateway = GatewayApplication.Create(options);
    await gateway.RunAsync();
    return ExitCode.Success;
}
catch (ConfigurationException failure)
{
    Console.Error.WriteLine($"gateway: {failure.Message}");
    return ExitCode.BadConfiguration;
}
catch (Exception failure) when (options is not null && StartFailure.Describe(failure, options.Listen) is { } reason)
{
    Console.Error.WriteLine($"gateway: {reason}");
    return ExitCode.CannotListen;
}
