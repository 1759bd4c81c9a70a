using k8s;
using YamlDotNet.RepresentationModel;

namespace Gateway.Host.Tests.Deploy;

/// <summary>What the chart came to with some values.</summary>
internal sealed class ChartManifests(IReadOnlyList<YamlMappingNode> objects, string text)
{
    /// <summary>Kinds of the Prometheus operator, which the Kubernetes client does not know.</summary>
    private static readonly string[] Foreign = ["ServiceMonitor"];

    public IEnumerable<string> Kinds => objects.Select(static node => Text(node, "kind"));

    /// <summary>Reads each as its type, as the API server would: a field that its type does not have is an error.</summary>
    public IReadOnlyList<object> Typed() => KubernetesYaml.LoadAllFromString(
        string.Join("\n---\n", text.Split("\n---\n").Where(static part => !Foreign.Any(kind => part.Contains($"\nkind: {kind}\n", StringComparison.Ordinal)))),
        strict: true);

    /// <summary>The only object of a kind, as Helm has written it.</summary>
    public string TextOf(string kind) => Assert.Single(text.Split("\n---\n"), part => part.Contains($"\nkind: {kind}\n", StringComparison.Ordinal));

    public T Only<T>() => Assert.Single(Typed().OfType<T>());

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node.Children[key]).Value!;
}
