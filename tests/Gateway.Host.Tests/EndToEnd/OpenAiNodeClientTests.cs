using System.Diagnostics;
using System.Reflection;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;
using Xunit.Abstractions;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>The official OpenAI client for Node.js; its tests are in <c>tests/openai-node</c>. Needs Node.js 20 or later.</summary>
public sealed class OpenAiNodeClientTests(ITestOutputHelper output)
{
    private const string ApiKey = "sk-test";

    [Fact]
    public async Task The_official_node_client_works_against_the_gateway()
    {
        await using var gateway = await LiveGateway.StartAsync(
            engines: 2,
            static options => options with { Security = new SecurityOptions { ApiKey = new Secret(ApiKey) } });
        var folder = Path.Combine(RepositoryRoot(), "tests", "openai-node");
        Assert.Equal(0, await RunAsync(folder, "npm", ["ci", "--no-audit", "--no-fund"]));
        Assert.Equal(0, await RunAsync(
            folder,
            "node",
            ["--test", "--test-reporter=spec"],
            ("GATEWAY_BASE_URL", new Uri(gateway.Client.BaseAddress!, "/v1").ToString()),
            ("GATEWAY_API_KEY", ApiKey),
            ("MODEL", new SimulatorOptions().Model)));
        await Eventually.HoldsAsync(
            () => gateway.View.Current.Workers.Values.All(static entry => entry.Worker.Load == 0),
            "no request is counted any more");
        Assert.Contains(gateway.Engines.Workers, static worker => worker.Stats.Aborted > 0);
    }

    private static string RepositoryRoot()
    {
        var folder = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        while (folder is not null && !File.Exists(Path.Combine(folder, "ModelGateway.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests must run within the repository.");
    }

    private async Task<int> RunAsync(string folder, string command, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        output.WriteLine(await process.StandardOutput.ReadToEndAsync());
        output.WriteLine(await errors);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
