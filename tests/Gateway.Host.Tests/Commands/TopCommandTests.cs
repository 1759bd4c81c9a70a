using System.Collections;
using System.Text.Json;
using Gateway.Actors.Workers;
using Gateway.Host.Commands;
using Gateway.Host.Tests.EndToEnd;

namespace Gateway.Host.Tests.Commands;

/// <summary><c>gateway top</c>, against a running gateway.</summary>
public sealed class TopCommandTests
{
    [Fact]
    public async Task Without_a_terminal_it_looks_once_and_shows_the_busiest_first()
    {
        await using var gateway = await LiveGateway.StartAsync(2);
        var busy = gateway.EntryOf(gateway.Engines.Workers[1]).Worker;
        Assert.True(WorkerLease.TryAcquire(busy, out _));

        var run = await CommandRun.OnAsync(gateway, "top");

        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Equal(["1", "0"], run.Rows.Select(static row => row[5]));
        Assert.Equal(busy.Spec.Url.Text, run.Rows[0][1]);
    }

    [Fact]
    public async Task Programs_get_a_document_for_each_look()
    {
        await using var gateway = await LiveGateway.StartAsync(1);

        var run = await CommandRun.OnAsync(gateway, "top", "--json", "--count", "2", "--interval", "0");

        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, static line => Assert.Equal(1, JsonElement.Parse(line).GetProperty("workers").GetArrayLength()));
    }

    [Theory]
    [InlineData("top")]
    [InlineData("workers", "list")]
    public async Task On_a_terminal_there_are_frames(params string[] args)
    {
        await using var gateway = await LiveGateway.StartAsync(1);
        await using var output = new StringWriter();

        string[] looks = args[0] == "top" ? ["--count", "1"] : [];
        var code = await OperatorCommands.RunAsync(
            [.. args, .. looks, "--url", CommandRun.UrlOf(gateway)], new Hashtable(), new CommandConsole(output, TextWriter.Null, IsTerminal: true));

        Assert.Equal(0, code);
        Assert.Contains("ready", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("─", output.ToString(), StringComparison.Ordinal);
    }
}
