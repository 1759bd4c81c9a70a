using System.Text.Json;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Documentation;

namespace Gateway.Host.Tests.Deploy;

/// <summary>What can be said of the image without building it.</summary>
public sealed class DockerfileTests
{
    private static readonly (string Word, string Arguments)[] Instructions =
    [
        .. RepositoryFile.Read("deploy/Dockerfile")
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(static line => line[0] != '#')
            .Select(static line => line.Split(' ', 2))
            .Select(static words => (words[0], words[1])),
    ];

    private static readonly (string Word, string Arguments)[] LastStage =
        Instructions[Array.FindLastIndex(Instructions, static instruction => instruction.Word == "FROM")..];

    [Fact]
    public void What_runs_is_a_chiselled_image_for_the_version_of_NET_that_builds_it()
    {
        using var sdk = JsonDocument.Parse(RepositoryFile.Read("global.json"));
        var version = Version.Parse(sdk.RootElement.GetProperty("sdk").GetProperty("version").GetString()!).ToString(2);

        Assert.StartsWith($"mcr.microsoft.com/dotnet/sdk:{version} ", Instructions[0].Arguments, StringComparison.Ordinal);
        Assert.Equal($"mcr.microsoft.com/dotnet/runtime-deps:{version}-noble-chiseled", Only("FROM"));
    }

    [Fact]
    public void It_runs_as_a_user_that_is_not_root_by_number() => Assert.True(int.Parse(Only("USER"), Invariant) > 0);

    [Fact]
    public void It_needs_no_shell_to_run() =>
        Assert.DoesNotContain(LastStage, static instruction => instruction.Word is "RUN" or "HEALTHCHECK" or "SHELL");

    [Fact]
    public void It_exposes_the_port_on_which_the_gateway_listens() => Assert.Equal(new GatewayOptions().Listen.Port, int.Parse(Only("EXPOSE"), Invariant));

    [Fact]
    public void What_it_starts_is_the_file_that_was_published()
    {
        var entry = Assert.Single(JsonSerializer.Deserialize<string[]>(Only("ENTRYPOINT"))!);
        var copy = Only("COPY").Split(' ');
        var output = Instructions.Single(static instruction => instruction.Arguments.Contains("dotnet publish", StringComparison.Ordinal)).Arguments.Split(' ')[^1];

        Assert.Equal(["--from=build", $"{output}/{PublishedGateway.FileName}", "./"], copy);
        Assert.Equal($"{Only("WORKDIR")}/{PublishedGateway.FileName}", entry);
    }

    [Fact]
    public void What_is_restored_is_what_the_published_project_needs()
    {
        var sources = Sources().ToHashSet(StringComparer.Ordinal);
        var projects = References("src/Gateway.Host/Gateway.Host.csproj").Prepend("src/Gateway.Host/Gateway.Host.csproj");

        foreach (var project in projects)
        {
            Assert.Contains(project, sources);
            Assert.Contains(Path.GetDirectoryName(project) + "/packages.lock.json", sources);
        }
    }

    [Fact]
    public void All_that_is_copied_exists_and_is_not_ignored()
    {
        var ignore = RepositoryFile.Read(".dockerignore").Split('\n');
        foreach (var source in Sources())
        {
            Assert.True(Path.Exists(RepositoryFile.PathOf(source)), source);
            var top = source.Split('/')[0];
            Assert.Contains(ignore, line => line == $"!{top}" || line == $"!{top}/");
        }
    }

    private static IFormatProvider Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private static string Only(string word) => Assert.Single(LastStage, instruction => instruction.Word == word).Arguments;

    private static IEnumerable<string> Sources() => Instructions
        .Where(static instruction => instruction.Word == "COPY" && !instruction.Arguments.StartsWith("--", StringComparison.Ordinal))
        .SelectMany(static instruction => instruction.Arguments.Split(' ')[..^1]);

    private static IEnumerable<string> References(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        var direct = System.Xml.Linq.XDocument.Parse(RepositoryFile.Read(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetRelativePath(RepositoryFolder.Root, RepositoryFile.PathOf(Path.Combine(folder, reference.Attribute("Include")!.Value))))
            .Select(static path => path.Replace(Path.DirectorySeparatorChar, '/'));
        return direct.SelectMany(static reference => References(reference).Prepend(reference)).Distinct();
    }
}
