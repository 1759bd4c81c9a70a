using System.Text.RegularExpressions;
using System.Xml.Linq;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Documentation;

namespace Gateway.Host.Tests.Deploy;

/// <summary><c>deploy/release.sh</c>, in a repository of its own that has the files which it changes.</summary>
public sealed class ReleaseScriptTests : IAsyncLifetime
{
    private static readonly string[] Files =
    [
        "Directory.Build.props", "CHANGELOG.md", "deploy/helm/modelgateway/Chart.yaml", "deploy/Dockerfile", "deploy/README.md", "deploy/kubernetes.yaml", "deploy/release.sh",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("release").FullName;

    public async Task InitializeAsync()
    {
        foreach (var file in Files)
        {
            var copy = Path.Combine(_folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(RepositoryFile.PathOf(file), copy);
        }

        Write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.0.9] - 2026-01-01\n\n- Older.\n");
        await GitAsync("init", "--quiet", "--initial-branch", "main");
        await GitAsync("config", "user.name", "Tests");
        await GitAsync("config", "user.email", "tests@example.org");
        await GitAsync("config", "commit.gpgsign", "false");
        await GitAsync("config", "tag.gpgsign", "false");
        await CommitAsync("Begin");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task It_moves_the_changes_under_the_version_sets_it_everywhere_commits_and_tags()
    {
        var (code, output) = await ReleaseAsync("1.2.3", "--no-publish");

        Assert.True(code == 0, output);
        Assert.Contains("<VersionPrefix>1.2.3</VersionPrefix>", Read("Directory.Build.props"), StringComparison.Ordinal);
        Assert.Contains("\nversion: 1.2.3\nappVersion: 1.2.3\n", Read("deploy/helm/modelgateway/Chart.yaml"), StringComparison.Ordinal);
        Assert.Contains("image: modelgateway:1.2.3\n", Read("deploy/kubernetes.yaml"), StringComparison.Ordinal);
        Assert.Matches(new Regex(@"## \[Unreleased\]\n\n## \[1\.2\.3\] - \d{4}-\d\d-\d\d\n\n### Added\n\n- A thing\.\n\n## \[0\.0\.9\]"), Read("CHANGELOG.md"));
        Assert.Equal("Release 1.2.3", await GitAsync("log", "-1", "--format=%s"));
        Assert.Equal(await GitAsync("rev-parse", "HEAD"), await GitAsync("rev-parse", "v1.2.3^{commit}"));
        Assert.Empty(await GitAsync("status", "--porcelain"));
    }

    [Fact]
    public async Task A_dry_run_says_what_it_would_do_and_does_nothing()
    {
        var before = await GitAsync("rev-parse", "HEAD");

        var (code, output) = await ReleaseAsync("1.2.3", "--dry-run");

        Assert.True(code == 0, output);
        Assert.Contains("would commit 'Release 1.2.3' and tag v1.2.3", output, StringComparison.Ordinal);
        Assert.Contains("gateway-1.2.3-linux-x64", output, StringComparison.Ordinal);
        Assert.Equal(before, await GitAsync("rev-parse", "HEAD"));
        Assert.Empty(await GitAsync("tag", "--list"));
        Assert.Empty(await GitAsync("status", "--porcelain"));
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("v1.2.3")]
    [InlineData("1.02.3")]
    [InlineData("0.0.1")]
    public async Task What_is_no_later_version_is_refused(string version) => await RefusesAsync(version, version);

    [Fact]
    public async Task A_version_must_come_after_the_last_tag()
    {
        await GitAsync("tag", "v1.9.0");
        await GitAsync("tag", "v1.10.0");

        await RefusesAsync("1.9.5", "1.9.5 does not come after 1.10.0");
        await RefusesAsync("1.10.0", "v1.10.0 is tagged already");
        Assert.Equal(0, (await ReleaseAsync("1.10.1", "--no-publish")).Code);
    }

    [Fact]
    public async Task What_is_not_committed_is_refused()
    {
        Write("new", "");

        await RefusesAsync("1.2.3", "not committed");
    }

    [Fact]
    public async Task Another_branch_is_refused()
    {
        await GitAsync("checkout", "--quiet", "-b", "other");

        await RefusesAsync("1.2.3", "not the branch main");
    }

    [Fact]
    public async Task Without_changes_there_is_nothing_to_release()
    {
        Assert.Equal(0, (await ReleaseAsync("1.2.3", "--no-publish")).Code);

        await RefusesAsync("1.2.4", "nothing under Unreleased");
    }

    [Fact]
    public async Task When_the_executable_cannot_be_made_everything_is_as_before()
    {
        // There is no project in this repository.
        var (code, output) = await ReleaseAsync("1.2.3");

        Assert.NotEqual(0, code);
        Assert.True((await GitAsync("status", "--porcelain")).Replace("?? artifacts/", "", StringComparison.Ordinal).Length == 0, output);
        Assert.Empty(await GitAsync("tag", "--list"));
    }

    [Fact]
    public void The_version_stands_once_and_the_executable_says_it()
    {
        var version = XDocument.Parse(RepositoryFile.Read("Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

        Assert.Equal(version, HelpText.Version);
        Assert.Contains($"\nversion: {version}\nappVersion: {version}\n", RepositoryFile.Read("deploy/helm/modelgateway/Chart.yaml"), StringComparison.Ordinal);
    }

    private async Task RefusesAsync(string version, string reason)
    {
        var before = (await GitAsync("rev-parse", "HEAD"), await GitAsync("status", "--porcelain"), await GitAsync("tag", "--list"));

        var (code, output) = await ReleaseAsync(version, "--no-publish");

        Assert.NotEqual(0, code);
        Assert.Contains(reason, output, StringComparison.Ordinal);
        Assert.Equal(before, (await GitAsync("rev-parse", "HEAD"), await GitAsync("status", "--porcelain"), await GitAsync("tag", "--list")));
    }

    private Task<(int Code, string Output)> ReleaseAsync(params string[] arguments) =>
        Command.RunAsync(_folder, Path.Combine(_folder, "deploy/release.sh"), arguments);

    private async Task<string> GitAsync(params string[] arguments)
    {
        var (code, output) = await Command.RunAsync(_folder, "git", arguments);
        Assert.True(code == 0, output);
        return output.Trim();
    }

    private async Task CommitAsync(string subject)
    {
        await GitAsync("add", "--all");
        await GitAsync("commit", "--quiet", "--message", subject);
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);

    private string Read(string file) => File.ReadAllText(Path.Combine(_folder, file));
}
