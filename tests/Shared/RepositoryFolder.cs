using System.Reflection;

namespace Gateway.Tests.Shared;

/// <summary>Where the repository is, for tests that need files which no project contains.</summary>
internal static class RepositoryFolder
{
    public static string Root { get; } = Find();

    /// <param name="path">From the repository's root, with slashes.</param>
    public static string PathOf(string path) => Path.Combine(Root, path);

    private static string Find()
    {
        var folder = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        while (folder is not null && !File.Exists(Path.Combine(folder, "ModelGateway.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests must run within the repository.");
    }
}
