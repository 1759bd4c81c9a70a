using System.Diagnostics;
using System.Reflection;
using Xunit.Abstractions;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>Runs tests of <c>tests/openai-node</c>. Needs Node.js 20 or later, and npm.</summary>
internal static class OpenAiNode
{
    private static readonly string Folder = Path.Combine(RepositoryRoot(), "tests", "openai-node");

    /// <summary>Once for all tests: two at a time would install over each other.</summary>
    private static readonly Lazy<Task<(int Code, string Output)>> Installed = new(static () => RunAsync("npm", ["ci", "--no-audit", "--no-fund"]));

    public static async Task TestAsync(string file, ITestOutputHelper output, params (string Name, string Value)[] environment)
    {
        var (code, said) = await Installed.Value;
        Assert.True(code == 0, said);
        (code, said) = await RunAsync("node", ["--test", "--test-reporter=spec", file], environment);
        output.WriteLine(said);
        Assert.True(code == 0, said);
    }

    private static string RepositoryRoot()
    {
        var folder = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        while (folder is not null && !File.Exists(Path.Combine(folder, "ModelGateway.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests must run within the repository.");
    }

    private static async Task<(int Code, string Output)> RunAsync(string command, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said + await errors);
    }
}
