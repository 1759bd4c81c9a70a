namespace Gateway.Host.Configuration;

/// <summary>The options in force, and what the operator should be told about how they came about.</summary>
internal sealed record LoadedConfiguration(GatewayOptions Options, IReadOnlyList<string> Notices);

/// <summary>Puts the options together: flags over environment over file over defaults.</summary>
internal static class ConfigurationLoader
{
    /// <summary>Simulated engines of a gateway that was told nothing at all.</summary>
    private const int DemoWorkers = 2;

    /// <param name="commandLine">The flags.</param>
    /// <param name="environment">The gateway's own variables, see <see cref="EnvironmentVariables.Ours"/>.</param>
    /// <exception cref="ConfigurationException">A value is wrong, or two do not go together.</exception>
    public static LoadedConfiguration Load(CommandLineRequest.Launch commandLine, IReadOnlyDictionary<string, string> environment)
    {
        var configFile = commandLine.ConfigFile is { } path
            ? (Path: path, Place: CommandLine.ConfigFlag)
            : (Path: environment.GetValueOrDefault(EnvironmentVariables.ConfigFile), Place: EnvironmentVariables.ConfigFile);

        var file = configFile.Path is null ? FileContent.Empty : ConfigurationFile.Read(configFile.Path, configFile.Place);

        IReadOnlyList<Setting>[] weakestFirst =
        [
            file.Settings,
            [.. EnvironmentVariables.Read(environment)],
            commandLine.Settings,
        ];

        var options = new GatewayOptions
        {
            Fleet = new FleetOptions { Workers = file.Workers },
            Security = new SecurityOptions { Keys = file.Keys },
            Tenants = file.Tenants,
            Models = file.Models,
        };
        foreach (var source in weakestFirst)
        {
            RefuseDoubles(source);
            options = source.Aggregate(options, Apply);
            if (source == file.Settings)
                RefuseSecondPolicies(options, source);
        }

        Setting[] settings = [.. weakestFirst.SelectMany(static source => source)];
        OptionCombinations.Check(options, name => settings.LastOrDefault(setting => setting.Option.Name == name)?.Place);
        return settings.Length == 0 && configFile.Path is null ? Demo(options) : new LoadedConfiguration(options, Notices(options));
    }

    private static GatewayOptions Apply(GatewayOptions options, Setting setting)
    {
        try
        {
            return setting.Option.Apply(options, setting.Words);
        }
        catch (FormatException failure)
        {
            throw new ConfigurationException($"{setting.Place}: {failure.Message}");
        }
    }

    private static void RefuseDoubles(IReadOnlyList<Setting> source)
    {
        for (var i = 0; i < source.Count; i++)
        {
            var earlier = source.Take(i).FirstOrDefault(other =>
                other.Option.Name == source[i].Option.Name || other.Option.Name == source[i].Option.Excludes);
            if (earlier is not null)
                throw new ConfigurationException($"{source[i].Place}: cannot be given together with {earlier.Place}");
        }
    }

    /// <summary>A model has one policy in one file; a variable or a flag may well say another.</summary>
    private static void RefuseSecondPolicies(GatewayOptions options, IReadOnlyList<Setting> file)
    {
        foreach (var (id, policy) in options.Fleet.ModelPolicies)
        {
            if (options.Models.Any(model => model.Id == id && model.Policy is not null))
                throw new ConfigurationException($"{file.Single(static setting => setting.Option.Name == "model-policies").Place}: '{id}={policy}' cannot be given together with {ModelReader.Key}.{id}.policy");
        }
    }

    private static LoadedConfiguration Demo(GatewayOptions options) => new(
        options with { Fleet = options.Fleet with { SimulatedWorkers = DemoWorkers } },
        [
            $"no configuration given: demo mode with {DemoWorkers} simulated engines. No model runs in them; their answers are made up.",
            "start with --worker-urls to use real engines, or with --simulate 0 for none; see --help",
        ]);

    private static string[] Notices(GatewayOptions options)
    {
        var notices = new List<string>();
        if (options.Fleet.SimulatedWorkers > 0)
            notices.Add($"simulated engines: {options.Fleet.SimulatedWorkers}. No model runs in them; their answers are made up.");
        else if (!options.Fleet.NamesWorkers && !options.Pods.IsEnabled && !options.Dns.IsEnabled)
            notices.Add("no workers configured: they can be registered with POST /workers");
        if (options.Security.OpenControlPlane)
            notices.Add("the control plane is open to every machine that can connect, without a key");
        return [.. notices];
    }
}
