using System.Reflection;

namespace Gateway.Host.Tests.Documentation;

/// <summary>A file of the repository that no project contains: a page, an example, a manifest.</summary>
internal static class RepositoryFile
{
    private static readonly string Root = FindRoot();

    /// <param name="path">From the repository's root, with slashes.</param>
    public static string PathOf(string path) => Path.Combine(Root, path);

    /// <inheritdoc cref="PathOf"/>
    public static string Read(string path) => File.ReadAllText(PathOf(path));

    private static string FindRoot()
    {
        var folder = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        while (folder is not null && !File.Exists(Path.Combine(folder, "ModelGateway.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests must run within the repository.");
    }
}
