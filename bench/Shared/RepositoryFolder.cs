namespace Gateway.Bench;

/// <summary>Where the repository is, for benches that read its files.</summary>
internal static class RepositoryFolder
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "ModelGateway.sln")))
            folder = System.IO.Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The bench must run within the repository.");
    }
}
