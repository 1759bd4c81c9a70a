namespace Gateway.Host.Tests.Documentation;

/// <summary>A file of the repository that no project contains: a page, an example, a manifest.</summary>
internal static class RepositoryFile
{
    /// <inheritdoc cref="RepositoryFolder.PathOf"/>
    public static string PathOf(string path) => RepositoryFolder.PathOf(path);

    /// <inheritdoc cref="PathOf"/>
    public static string Read(string path) => File.ReadAllText(PathOf(path));
}
