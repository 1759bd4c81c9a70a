namespace Gateway.Simulator.Tests.Http;

public sealed class FleetTests
{
    [Fact]
    public async Task A_thousand_workers_in_one_process_answer_each_on_its_own_port()
    {
        var threads = System.Diagnostics.Process.GetCurrentProcess().Threads.Count;
        await using var fleet = await SimulatedFleet.StartAsync(1000, new SimulatorOptions { Timings = EngineTimings.Instant });
        using var http = new HttpClient();

        await Parallel.ForEachAsync(fleet.Workers, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (worker, cancellation) =>
        {
            using var response = await http.GetAsync(new Uri(worker.Url, "/v1/models"), cancellation);
            Assert.Equal(worker.Name, Assert.Single(response.Headers.GetValues("x-simulated-engine")));
        });

        Assert.Equal(1000, fleet.Workers.Select(static worker => worker.Port).Distinct().Count());
        Assert.Equal(1000, fleet.Workers.Select(static worker => worker.Name).Distinct().Count());
        System.Diagnostics.Process.GetCurrentProcess().Refresh();
        Assert.InRange(System.Diagnostics.Process.GetCurrentProcess().Threads.Count, 1, threads + 100);
    }

    [Fact]
    public async Task A_crash_of_one_worker_leaves_the_others_alone()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2, new SimulatorOptions { Timings = EngineTimings.Instant });
        using var crashed = new WorkerClient(fleet.Workers[0]);
        using var other = new WorkerClient(fleet.Workers[1]);
        await other.ChatAsync("Hello");

        await fleet.Workers[0].CrashAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => crashed.ChatAsync("Hello"));
        await other.ChatAsync("Hello");
    }

    [Fact]
    public async Task Workers_of_different_kinds_can_share_a_fleet()
    {
        await using var fleet = await SimulatedFleet.StartAsync(
            [new SimulatorOptions { Model = "a" }, new SimulatorOptions { Model = "b", Runtime = SimulatedRuntime.Vllm }]);

        Assert.Equal(["a", "b"], fleet.Workers.Select(static worker => worker.Options.Model));
    }

    [Fact]
    public async Task A_taken_port_fails_the_start()
    {
        await using var worker = await SimulatedWorker.StartAsync();

        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(
            () => SimulatedWorker.StartAsync(new SimulatorOptions { Port = worker.Port }));
    }

    [Fact]
    public async Task A_taken_bootstrap_port_fails_the_start()
    {
        await using var worker = await SimulatedWorker.StartAsync(new SimulatorOptions { Role = SimulatorRole.Prefill });

        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => SimulatedWorker.StartAsync(
            new SimulatorOptions { Role = SimulatorRole.Prefill, BootstrapPort = worker.BootstrapPort!.Value }));
    }
}
