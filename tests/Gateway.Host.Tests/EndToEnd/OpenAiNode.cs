using Xunit.Abstractions;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>Runs tests of <c>tests/openai-node</c>. Needs Node.js 20 or later, and npm.</summary>
internal static class OpenAiNode
{
    private static readonly string Folder = RepositoryFolder.PathOf("tests/openai-node");

    /// <summary>Once for all tests: two at a time would install over each other.</summary>
    private static readonly Lazy<Task<(int Code, string Output)>> Installed =
        new(static () => Command.RunAsync(Folder, "npm", ["ci", "--no-audit", "--no-fund"]));

    public static async Task TestAsync(string file, ITestOutputHelper output, params (string Name, string Value)[] environment)
    {
        var (code, said) = await Installed.Value;
        Assert.True(code == 0, said);
        (code, said) = await Command.RunAsync(Folder, "node", ["--test", "--test-reporter=spec", file], environment);
        output.WriteLine(said);
        Assert.True(code == 0, said);
    }
}
