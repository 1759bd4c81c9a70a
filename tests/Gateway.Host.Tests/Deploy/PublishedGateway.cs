namespace Gateway.Host.Tests.Deploy;

/// <summary>The one file that is released, made once for all tests: its native code takes most of a minute of two cores.</summary>
internal static class PublishedGateway
{
    public const string FileName = "gateway";

    /// <summary>Apart from what the tests themselves are built into; what has not changed is not made again.</summary>
    private static readonly string Folder = RepositoryFolder.PathOf("artifacts/tests");

    private static readonly Lazy<Task<string>> Published = new(PublishAsync);

    /// <returns>The folder that was published into.</returns>
    public static Task<string> FolderAsync() => Published.Value;

    private static async Task<string> PublishAsync()
    {
        var output = Path.Combine(Folder, "publish", "gateway");
        if (Directory.Exists(output))
            Directory.Delete(output, recursive: true);
        var (code, said) = await Command.RunAsync(
            RepositoryFolder.Root,
            "dotnet",
            ["publish", "src/Gateway.Host", "-p:PublishProfile=linux-x64", "-p:RestoreLockedMode=true", "-p:RunAnalyzers=false", "--artifacts-path", Folder, "--output", output, "--nologo"],
            ("MSBUILDDISABLENODEREUSE", "1"),
            ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"));
        Assert.True(code == 0, said);
        return output;
    }
}
