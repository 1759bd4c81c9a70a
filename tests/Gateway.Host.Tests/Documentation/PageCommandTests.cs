using System.Xml.Linq;
using Gateway.Host.Composition;
using Gateway.Host.Tests.Documentation.Pages;

namespace Gateway.Host.Tests.Documentation;

/// <summary>What newcomers are told to type is typed, and what they are told to see is seen.</summary>
public sealed class PageCommandTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/getting-started.md")]
    public async Task Every_command_of_the_page_does_what_the_page_says(string path)
    {
        await using var run = new PageRun();
        foreach (var step in PageStep.Of(path).Where(static step => step.NotRun is null))
            await run.DoAsync(step);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/getting-started.md")]
    public void Every_command_of_the_page_promises_something_or_says_why_it_is_not_run(string path)
    {
        var steps = PageStep.Of(path);

        Assert.NotEmpty(steps);
        Assert.All(steps, static step => Assert.True(step.PromisesSomething != step.NotRun is not null, $"line {step.Block.Line}: {step.Block.Text}"));
    }

    [Fact]
    public void What_the_README_has_not_run_here_is_run_by_the_continuous_integration()
    {
        var left = PageStep.Of("README.md").Where(static step => step.NotRun is not null).Select(static step => step.Block.Text.Trim());

        Assert.Equal("dotnet test", Assert.Single(left));
        Assert.Contains("\ndotnet test ", RepositoryFile.Read(".ci/run"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_gateway_that_is_built_already_is_the_project_that_the_pages_run()
    {
        var project = XDocument.Parse(RepositoryFile.Read("src/Gateway.Host/Gateway.Host.csproj"));

        Assert.Equal(typeof(GatewayApplication).Assembly.GetName().Name, project.Descendants("AssemblyName").Single().Value);
        Assert.Contains(
            "\"../../src/Gateway.Host/Gateway.Host.csproj\"", RepositoryFile.Read("tests/Gateway.Host.Tests/Gateway.Host.Tests.csproj"), StringComparison.Ordinal);
    }
}
