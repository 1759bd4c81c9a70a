using System.Text.Json;
using Gateway.LoadBench.Client;

namespace Gateway.LoadBench.Servers;

/// <summary>
/// Portkey's open gateway in one Node.js process, as its own command starts it. It learns from a header of each request where to go: a
/// configuration that balances by chance over the model's workers, which must end in <c>/v1</c>.
/// </summary>
internal static class PortkeyServer
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "bench", "portkey");
    private static readonly string Package = Path.Combine(Folder, "node_modules", "@portkey-ai", "gateway");
    private static readonly string? Node = Executables.Find("node");

    /// <summary>Of the package that is installed.</summary>
    public static string Version()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Package, "package.json")));
        return manifest.RootElement.GetProperty("version").GetString()!;
    }

    public static async Task<string> NodeVersionAsync() => (await Executables.RunAsync(Node!, ["--version"])).Said.Trim();

    /// <summary>Fetches it from npm, if that was not done yet, at the versions of its lock file and without running its scripts.</summary>
    /// <returns>Why it cannot be had; null if it is there.</returns>
    public static async Task<string?> InstallAsync()
    {
        if (Node is null)
            return "Node.js is missing (apt-get install nodejs npm)";
        if (Directory.Exists(Package))
            return null;
        if (Executables.Find("npm") is not { } npm)
            return "npm is missing (apt-get install npm)";
        var (code, said) = await Executables.RunAsync(npm, ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], Folder);
        if (code == 0)
            return null;
        Console.Error.WriteLine(said);
        return "npm ci fails in bench/portkey";
    }

    public static MeasuredServer Start()
    {
        var port = FreePort.Find();
        var script = Path.Combine(Package, "build", "start-server.js");
        return MeasuredServer.StartOther("portkey", Node!, [script, $"--port={port}", "--headless"], new Uri($"http://127.0.0.1:{port}"), isSilenced: true);
    }

    /// <param name="workers">The paced workers first, the others after; as many of each.</param>
    public static Func<Workload, string> HeadersFor(string[] workers)
    {
        var half = workers.Length / 2;
        var (paced, burst) = (Header(workers[..half]), Header(workers[half..]));
        return workload => workload.Worker < half ? paced : burst;
    }

    private static string Header(string[] workers)
    {
        var targets = workers.Select(static url => $$"""{"provider":"openai","api_key":"sk-bench","custom_host":"{{url}}/v1"}""");
        return $$"""x-portkey-config: {"strategy":{"mode":"loadbalance"},"targets":[{{string.Join(',', targets)}}]}""" + "\r\n";
    }
}
