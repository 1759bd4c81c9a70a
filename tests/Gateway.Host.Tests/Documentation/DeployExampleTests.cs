using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Configuration;
using YamlDotNet.RepresentationModel;

namespace Gateway.Host.Tests.Documentation;

/// <summary>What is in <c>deploy/</c> is read by the gateway's own code.</summary>
public sealed partial class DeployExampleTests
{
    /// <summary>What the gateway takes after its grace, for the last words of what still runs: see HostOptions in ServingComposition.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);

    [Fact]
    public void The_example_configuration_is_one_the_gateway_starts_with()
    {
        var options = ExampleOptions();

        Assert.NotEqual(new GatewayOptions(), options);
    }

    [Fact]
    public void The_example_configuration_shows_the_defaults_of_what_it_leaves_commented_out()
    {
        var commented = Setting().Matches(RepositoryFile.Read("deploy/gateway.example.yaml"));

        Assert.NotEmpty(commented);
        foreach (var groups in commented.Select(static match => match.Groups))
        {
            var option = OptionCatalog.Find(groups["key"].Value);
            Assert.NotNull(option);
            if (option.Show(new GatewayOptions()) is { Length: > 0 } value)
                Assert.Equal($"{option.Name}: {value}", $"{groups["key"].Value}: {groups["value"].Value}");
        }
    }

    [Fact]
    public void The_example_workers_file_is_one_the_gateway_follows()
    {
        var workers = WorkersFileFormat.Parse(RepositoryFile.Read("deploy/workers.example.yaml"));

        Assert.Contains(workers, static worker => worker.Health is not null);
        Assert.Contains(workers, static worker => worker.Breaker is not null);
        Assert.Contains(workers, static worker => worker.Models is [{ Aliases.IsEmpty: false }]);
    }

    [Fact]
    public void The_workers_file_of_the_Kubernetes_manifest_is_one_the_gateway_follows()
    {
        var files = Objects("ConfigMap").SelectMany(static map => Mapping(map, "data").Children).ToArray();

        Assert.NotEmpty(files);
        Assert.All(files, static file => Assert.NotEmpty(WorkersFileFormat.Parse(((YamlScalarNode)file.Value).Value!)));
    }

    [Fact]
    public void The_variables_of_the_Kubernetes_manifest_are_ones_the_gateway_starts_with()
    {
        using var key = new TemporaryFile("key");
        var environment = Environment();
        foreach (var name in environment.Keys.Where(static name => name.EndsWith("_KEY_FILE", StringComparison.Ordinal)))
            environment[name] = key.Path;
        environment["GATEWAY_WORKERS_FILE"] = RepositoryFile.PathOf("deploy/workers.example.yaml");

        var options = Load.Options("", environment);

        Assert.NotNull(options.Security.ApiKey);
        Assert.NotNull(options.Security.ControlPlaneApiKey);
        Assert.NotNull(options.Fleet.WorkersFile);
    }

    [Fact]
    public void The_variables_that_the_manifest_of_discovery_names_are_ones_the_gateway_starts_with()
    {
        var variables = Variable().Matches(RepositoryFile.Read("deploy/kubernetes-discovery.yaml"))
            .ToDictionary(static match => match.Groups["name"].Value, static match => match.Groups["value"].Value);

        var source = Assert.Single(Load.Options("", variables).Pods.Sources());

        Assert.Equal(("app=llama", "default", 8000), (source.Selector, source.Namespace, source.Port));
    }

    [Fact]
    public void The_pod_may_live_longer_than_the_gateway_takes_to_stop()
    {
        var pod = Pod();
        var timeouts = Load.Options("", Environment(static name => name.StartsWith("GATEWAY_SHUTDOWN_", StringComparison.Ordinal))).Timeouts;
        var needed = timeouts.ShutdownDelay + timeouts.ShutdownGrace + LastWords;
        Assert.True(timeouts.ShutdownDelay > TimeSpan.Zero, "the pod's address must have time to leave the service");

        Assert.True(Seconds(pod, "terminationGracePeriodSeconds") >= needed, $"terminationGracePeriodSeconds must be at least {needed.TotalSeconds}");
    }

    [Fact]
    public void The_service_may_live_longer_than_the_gateway_takes_to_stop()
    {
        var unit = RepositoryFile.Read("deploy/systemd/modelgateway.service");
        var patience = int.Parse(TimeoutStop().Match(unit).Groups["seconds"].Value, CultureInfo.InvariantCulture);
        var grace = ExampleOptions().Timeouts.ShutdownGrace;

        Assert.True(patience >= (grace + LastWords).TotalSeconds);
    }

    /// <summary>The workers file is where it would be installed; here it is the one beside it.</summary>
    private static GatewayOptions ExampleOptions()
    {
        const string Installed = "/etc/modelgateway/workers.yaml";
        var text = RepositoryFile.Read("deploy/gateway.example.yaml");
        Assert.Contains(Installed, text, StringComparison.Ordinal);
        using var file = new TemporaryFile(text.Replace(Installed, RepositoryFile.PathOf("deploy/workers.example.yaml"), StringComparison.Ordinal));
        return Load.Options($"--config {file.Path}");
    }

    private static Dictionary<string, string> Environment(Func<string, bool>? filter = null) =>
        ((YamlSequenceNode)Container().Children["env"]).Children
            .Cast<YamlMappingNode>()
            .Select(static entry => (Name: Text(entry, "name"), Value: Text(entry, "value")))
            .Where(entry => entry.Name.StartsWith("GATEWAY_", StringComparison.Ordinal) && filter?.Invoke(entry.Name) != false)
            .ToDictionary(static entry => entry.Name, static entry => entry.Value);

    private static YamlMappingNode Container() => (YamlMappingNode)((YamlSequenceNode)Pod().Children["containers"]).Children[0];

    private static YamlMappingNode Pod() => Mapping(Mapping(Mapping(Assert.Single(Objects("Deployment")), "spec"), "template"), "spec");

    private static IEnumerable<YamlMappingNode> Objects(string kind)
    {
        var manifest = new YamlStream();
        manifest.Load(new StringReader(RepositoryFile.Read("deploy/kubernetes.yaml")));
        return manifest.Documents
            .Select(static document => (YamlMappingNode)document.RootNode)
            .Where(node => Text(node, "kind") == kind);
    }

    private static YamlMappingNode Mapping(YamlMappingNode node, string key) => (YamlMappingNode)node.Children[key];

    private static TimeSpan Seconds(YamlMappingNode node, string key) =>
        TimeSpan.FromSeconds(int.Parse(Text(node, key), CultureInfo.InvariantCulture));

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node.Children[key]).Value!;

    [GeneratedRegex("""^#   (?<name>GATEWAY_[A-Z_]+): "?(?<value>[^"\r\n]+)"?\r?$""", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex("^# ?(?<key>[a-z]+(-[a-z]+)*): (?<value>\\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Setting();

    [GeneratedRegex("^TimeoutStopSec=(?<seconds>[0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex TimeoutStop();
}
