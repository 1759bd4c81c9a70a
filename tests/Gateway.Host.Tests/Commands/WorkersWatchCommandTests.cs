using System.Collections;
using System.Text.Json;
using Gateway.Host.Commands;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Commands;

/// <summary><c>gateway workers watch</c>, against a running gateway.</summary>
public sealed class WorkersWatchCommandTests
{
    [Fact]
    public async Task Every_change_is_a_line_until_it_is_interrupted()
    {
        await using var gateway = await LiveGateway.StartAsync(1);
        var url = gateway.EntryOf(gateway.Engines.Workers[0]).Worker.Spec.Url.Text;
        await using var output = new LineLog();
        using var interrupt = new CancellationTokenSource();
        var watch = OperatorCommands.RunAsync(
            ["workers", "watch", "--interval", "0.02", "--json", "--url", CommandRun.UrlOf(gateway)],
            new Hashtable(), new CommandConsole(output, TextWriter.Null, IsTerminal: false), interrupt.Token);

        await Eventually.HoldsAsync(() => Events(output).Contains($"added {url} ready"), "the worker is there");
        await CommandRun.OnAsync(gateway, "workers", "remove", url);
        await Eventually.HoldsAsync(() => Events(output).Contains($"removed {url} ready") || Events(output).Contains($"removed {url} draining"), "it is gone");
        await gateway.App.StopAsync();
        await Eventually.HoldsAsync(() => Events(output).Contains("unreachable"), "the gateway is gone");
        await interrupt.CancelAsync();

        Assert.Equal(ExitCode.Success, await watch);
    }

    [Fact]
    public async Task A_gateway_that_is_not_there_at_first_is_not_waited_for() =>
        Assert.Equal(ExitCode.NotReachable, (await CommandRun.WithAsync([], "http://127.0.0.1:9", "workers", "watch")).Code);

    [Theory]
    [InlineData("pending", "", "ready", "", "changed http://a:1 pending -> ready")]
    [InlineData("ready", "", "failed", "Connection refused", "changed http://a:1 ready -> failed: Connection refused")]
    [InlineData("failed", "one", "failed", "two", "changed http://a:1 failed: two")]
    [InlineData("ready", "", "ready", "", null)]
    public void A_change_tells_from_what_to_what_and_why(string before, string reasonBefore, string now, string reason, string? line) =>
        Assert.Equal(line, WorkerChange.Between([Row(before, reasonBefore)], [Row(now, reason)]).SingleOrDefault()?.ToString());

    private static WorkerRow Row(string status, string reason) => new(new()
    {
        ["id"] = "a",
        ["url"] = "http://a:1",
        ["status"] = status,
        ["reason"] = reason,
        ["breaker"] = "closed",
    });

    private static string[] Events(LineLog output) =>
        [.. output.Lines.Select(static line => EventOf(JsonElement.Parse(line)))];

    private static string EventOf(JsonElement line) => line.TryGetProperty("worker", out var worker)
        ? $"{line.GetProperty("event")} {worker.GetProperty("url")} {worker.GetProperty("status")}"
        : line.GetProperty("event").GetString()!;
}
