using System.Text.Json;
using Gateway.Host.Commands.Checks;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Commands;

/// <summary><c>gateway doctor</c>, against a running gateway.</summary>
public sealed class DoctorCommandTests
{
    [Fact]
    public async Task A_gateway_that_is_well_is_a_0_and_every_check_has_a_line()
    {
        await using var gateway = await LiveGateway.StartAsync(1);

        var run = await CommandRun.OnAsync(gateway, "doctor", "--json");

        Assert.Equal(0, run.Code);
        Assert.Equal(["configuration", "gateway", "clock", "readiness", "worker", "tokenizer"], Checks(run).Select(static check => check.Name));
        Assert.DoesNotContain(Checks(run), static check => check.Status is "failed" or "warning");
    }

    [Fact]
    public async Task A_worker_that_failed_is_a_1_with_the_reason_and_what_to_do()
    {
        await using var gateway = await LiveGateway.StartAsync(1);
        await CommandRun.OnAsync(gateway, "workers", "add", "http://127.0.0.1:9");
        await Eventually.HoldsAsync(
            () => gateway.View.Current.Workers.Values.Any(static entry => entry.State == Gateway.Actors.Workers.WorkerState.Failed), "it has failed");

        var run = await CommandRun.OnAsync(gateway, "doctor");

        Assert.Equal(1, run.Code);
        Assert.Matches("worker +(failed|warning) +http://127.0.0.1:9 is (failed|pending): .*from here: Connection refused", run.Output);
    }

    [Fact]
    public async Task A_gateway_without_workers_is_told_how_to_get_one()
    {
        await using var gateway = await LiveGateway.StartAsync(0);

        var run = await CommandRun.OnAsync(gateway, "doctor");

        Assert.Equal(1, run.Code);
        Assert.Contains("gateway workers add URL", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_is_not_there_is_a_3_and_the_configuration_is_checked_all_the_same()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "policy: fancy\n");
        try
        {
            var run = await CommandRun.WithAsync([], "http://127.0.0.1:9", "doctor", "--json", "--config", file);

            Assert.Equal(3, run.Code);
            Assert.Equal([("configuration", "failed"), ("gateway", "failed")], Checks(run));
            Assert.Contains("fancy", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(0, nameof(Severity.Ok), "has this machine's time")]
    [InlineData(-90, nameof(Severity.Warning), "90 s behind this machine's")]
    [InlineData(61, nameof(Severity.Warning), "61 s ahead of this machine's")]
    public void A_clock_that_goes_wrong_is_a_warning(int seconds, string severity, string words)
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(50);

        var finding = ClockCheck.Compare("the gateway", now.AddSeconds(seconds), now);

        Assert.Equal(severity, finding!.Severity.ToString());
        Assert.Contains(words, finding.Message, StringComparison.Ordinal);
    }

    private static (string Name, string Status)[] Checks(CommandRun run) =>
    [
        .. run.Json.GetProperty("checks").EnumerateArray()
            .Select(static check => (check.GetProperty("check").GetString()!, check.GetProperty("status").GetString()!)),
    ];
}
