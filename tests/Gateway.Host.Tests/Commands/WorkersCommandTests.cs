using System.Collections;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.Commands;

/// <summary><c>gateway workers</c>, against a running gateway.</summary>
public sealed class WorkersCommandTests
{
    /// <summary>Nobody listens on the discard port.</summary>
    private const string Nobody = "http://127.0.0.1:9";

    private const string Key = "operators-key-0123456789";

    [Fact]
    public async Task List_has_a_line_for_each_worker_and_as_many_words_as_titles()
    {
        await using var gateway = await LiveGateway.StartAsync(2);

        var run = await CommandRun.OnAsync(gateway, "workers", "list");

        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.StartsWith("ID", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output);
        Assert.Equal(gateway.Engines.Workers.Select(static engine => engine.Url.ToString().TrimEnd('/')), run.Rows.Select(static row => row[1]));
        Assert.All(run.Rows, static row => Assert.Equal(["sim-8b", "regular", "ready", "0", "closed", "-"], row[2..]));
    }

    [Fact]
    public async Task List_gives_programs_the_gateways_own_document()
    {
        await using var gateway = await LiveGateway.StartAsync(1);

        var run = await CommandRun.OnAsync(gateway, "workers", "list", "--json", "--model", "sim-8b");
        var none = await CommandRun.OnAsync(gateway, "workers", "list", "--json", "--model", "other");

        Assert.Equal(gateway.EntryOf(gateway.Engines.Workers[0]).Worker.Id.ToString(), run.Json.GetProperty("workers")[0].GetProperty("id").GetString());
        Assert.Equal(0, none.Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Add_registers_and_waits_until_the_worker_is_ready_if_it_is_told_to()
    {
        await using var gateway = await LiveGateway.StartAsync(0);
        await using var engine = await SimulatedFleet.StartAsync(1);

        var run = await CommandRun.OnAsync(
            gateway, "workers", "add", engine.Workers[0].Url.ToString(), "--wait", "--priority", "70", "--label", "zone=a", "--label", "rack=3");

        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.EndsWith("and serves sim-8b\n", run.Output, StringComparison.Ordinal);
        var entry = Assert.Single(gateway.View.Current.Workers.Values);
        Assert.Equal((WorkerState.Ready, 70), (entry.State, entry.Worker.Spec.Priority));
        Assert.Equal("a", entry.Worker.Spec.Labels["zone"]);
    }

    [Fact]
    public async Task Add_says_why_a_worker_did_not_become_ready_and_keeps_it()
    {
        await using var gateway = await LiveGateway.StartAsync(0);

        var run = await CommandRun.OnAsync(gateway, "workers", "add", Nobody, "--wait", "--timeout", "0");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Matches($"^gateway: waited 0 s in vain: {Nobody} is (pending|failed) .+\n$", run.Errors);
        Assert.Single(gateway.View.Current.Workers);
    }

    [Fact]
    public async Task Add_hands_on_what_the_gateway_refuses()
    {
        await using var gateway = await LiveGateway.StartAsync(0);
        await CommandRun.OnAsync(gateway, "workers", "add", Nobody);

        var twice = await CommandRun.OnAsync(gateway, "workers", "add", Nobody, "--json");
        var role = await CommandRun.OnAsync(gateway, "workers", "add", "http://127.0.0.1:8", "--role", "cook");

        Assert.Equal((1, "WORKER_ALREADY_EXISTS"), (twice.Code, twice.Json.GetProperty("code").GetString()));
        Assert.Equal(1, role.Code);
        Assert.Contains("worker_type", role.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_waits_until_the_last_request_has_ended_if_it_is_told_to()
    {
        await using var gateway = await LiveGateway.StartAsync(2);
        var entry = gateway.EntryOf(gateway.Engines.Workers[0]);
        Assert.True(WorkerLease.TryAcquire(entry.Worker, out var lease));

        var drain = CommandRun.OnAsync(gateway, "workers", "drain", entry.Worker.Id.ToString()[..8], "--wait", "--json");
        await Eventually.HoldsAsync(() => gateway.EntryOf(gateway.Engines.Workers[0]).State == WorkerState.Draining, "it drains");
        Assert.False(drain.IsCompleted);
        lease.Release(AttemptOutcome.Success);

        var run = await drain;
        Assert.Equal((0, "drained and removed"), (run.Code, run.Json.GetProperty("message").GetString()));
        Assert.DoesNotContain(entry.Worker.Id, gateway.View.Current.Workers.Keys);
    }

    [Fact]
    public async Task Drain_with_a_deadline_gives_the_worker_up_then()
    {
        await using var gateway = await LiveGateway.StartAsync(1);
        var entry = gateway.EntryOf(gateway.Engines.Workers[0]);
        Assert.True(WorkerLease.TryAcquire(entry.Worker, out var lease));

        var run = await CommandRun.OnAsync(gateway, "workers", "drain", entry.Worker.Spec.Url.Text, "--timeout", "0.1", "--wait");

        Assert.Equal(0, run.Code);
        Assert.Empty(gateway.View.Current.Workers);
    }

    [Fact]
    public async Task Remove_does_not_wait_for_requests()
    {
        await using var gateway = await LiveGateway.StartAsync(1);
        var entry = gateway.EntryOf(gateway.Engines.Workers[0]);
        Assert.True(WorkerLease.TryAcquire(entry.Worker, out var lease));

        var run = await CommandRun.OnAsync(gateway, "workers", "remove", gateway.Engines.Workers[0].Url.ToString());

        Assert.Equal((0, ""), (run.Code, run.Errors));
        await Eventually.HoldsAsync(() => gateway.View.Current.Workers.Count == 0, "it is gone");
    }

    [Theory]
    [InlineData("drain")]
    [InlineData("remove")]
    public async Task A_worker_that_nobody_knows_is_a_1_that_names_what_comes_close(string command)
    {
        await using var gateway = await LiveGateway.StartAsync(1);
        var url = gateway.EntryOf(gateway.Engines.Workers[0]).Worker.Spec.Url.Text;

        var run = await CommandRun.OnAsync(gateway, "workers", command, url[..^1] + "x");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains($"did you mean {url}?", run.Errors, StringComparison.Ordinal);
        Assert.Single(gateway.View.Current.Workers);
    }

    [Theory]
    [InlineData("workers")]
    [InlineData("workers", "lits")]
    [InlineData("workers", "drain")]
    [InlineData("workers", "list", "--colour")]
    [InlineData("workers", "add", Nobody, "--priority", "high")]
    [InlineData("workers", "add", Nobody, "--label", "zone")]
    [InlineData("workers", "add", Nobody, "--timeout", "-1")]
    [InlineData("workers", "list", "--key", "a", "--key-file", "b")]
    [InlineData("workers", "list", "--key-file", "/nowhere/key")]
    public async Task What_makes_no_sense_is_a_2_and_asks_nobody(params string[] args)
    {
        var run = await CommandRun.WithAsync([], Nobody, args);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Matches("^gateway: .+\n$", run.Errors);
    }

    [Fact]
    public async Task A_word_that_was_mistyped_is_named() =>
        Assert.Contains("lits: unknown; did you mean list?", (await CommandRun.WithAsync([], Nobody, "workers", "lits")).Errors, StringComparison.Ordinal);

    [Fact]
    public async Task A_gateway_that_is_not_there_is_a_3_that_names_the_address()
    {
        var run = await CommandRun.WithAsync([], Nobody, "workers", "list", "--json");

        Assert.Equal((3, 3), (run.Code, run.Json.GetProperty("exit_code").GetInt32()));
        Assert.Contains($"no gateway answers at {Nobody}/: Connection refused", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_comes_from_a_flag_a_file_or_the_environment_and_is_never_shown()
    {
        await using var gateway = await LiveGateway.StartAsync(
            1, static options => options with { Security = options.Security with { ControlPlaneApiKey = new Secret(Key) } });
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Key + "\n");
        try
        {
            var url = CommandRun.UrlOf(gateway);
            CommandRun[] known =
            [
                await CommandRun.WithAsync([], url, "workers", "list", "--key", Key),
                await CommandRun.WithAsync([], url, "workers", "list", "--key-file", file),
                await CommandRun.WithAsync(new Hashtable { ["GATEWAY_CONTROL_PLANE_API_KEY"] = Key }, url, "workers", "list"),
            ];
            var none = await CommandRun.WithAsync([], url, "workers", "list");
            var wrong = await CommandRun.WithAsync([], url, "workers", "list", "--key", "wrong-" + Key);

            Assert.All(known, static run => Assert.Equal(0, run.Code));
            Assert.Equal((1, 1), (none.Code, wrong.Code));
            Assert.Contains("--key-file", none.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain(known.Append(wrong), static run => (run.Output + run.Errors).Contains(Key, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_executable_knows_the_commands_and_takes_the_address_from_the_environment()
    {
        await using var gateway = await LiveGateway.StartAsync(1);

        await using var process = GatewayProcess.StartFile(
            "dotnet", [typeof(GatewayOptions).Assembly.Location, "workers", "list"], ("GATEWAY_URL", CommandRun.UrlOf(gateway)));

        Assert.Equal(0, await process.ExitAsync());
        Assert.Equal(2, process.Output.Count);
        Assert.Contains(" ready ", process.Output.Last(), StringComparison.Ordinal);
        Assert.Empty(process.Errors);
    }
}
