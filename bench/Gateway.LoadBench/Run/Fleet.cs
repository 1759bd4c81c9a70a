using Gateway.LoadBench.Client;
using Gateway.LoadBench.Servers;

namespace Gateway.LoadBench.Run;

/// <summary>The workers and the servers in front of them, all on this machine, each in its own process.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(30);
    private readonly List<MeasuredServer> _servers = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-loadbench-");

    public List<Arm> Arms { get; } = [];

    public IReadOnlyList<Uri> Workers { get; private set; } = [];

    public static async Task<Fleet> StartAsync(LoadBenchOptions options)
    {
        var fleet = new Fleet();
        try
        {
            await fleet.StartServersAsync(options);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The workers last, or the others would complain of them.
        foreach (var server in Enumerable.Reverse(_servers))
            await server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StartServersAsync(LoadBenchOptions options)
    {
        Workers = (await StartAsync("workers", [])).Urls;
        string[] urls = [.. Workers.Select(static url => url.GetLeftPart(UriPartial.Authority))];
        Arms.Add(new Arm(Arm.Direct, null, Workers));
        Arms.Add(new Arm(Arm.Gateway, await StartAsync("gateway", [options.Policy, .. urls]), Workers));
        foreach (var policy in options.Against)
            Arms.Add(new Arm(Arm.GatewayWith(policy), await StartAsync("gateway", [policy, .. urls]), Workers));
        if (options.Clustered)
            Arms.Add(new Arm(Arm.ClusteredGateway, await StartAsync("clustered-gateway", [options.Policy, .. urls]), Workers));
        if (options.Measured)
            Arms.Add(new Arm(Arm.Measured, await StartAsync("measured-gateway", [options.Policy, .. urls]), Workers));
        if (options.Traced)
        {
            var collector = (await StartAsync("collector", [])).Urls[0].GetLeftPart(UriPartial.Authority);
            foreach (var (name, ratio) in ((string, string)[])[(Arm.TracedNever, "0"), (Arm.TracedRarely, "0.01"), (Arm.TracedAlways, "1")])
                Arms.Add(new Arm(name, await StartAsync("traced-gateway", [options.Policy, collector, ratio, .. urls]), Workers));
        }

        if (!options.Without.Contains(Arm.Yarp))
            Arms.Add(new Arm(Arm.Yarp, await StartAsync("yarp", urls), Workers));
        if (options.Without.Contains(Arm.Nginx))
            return;
        if (!NginxServer.IsInstalled)
        {
            Console.Error.WriteLine("nginx is not installed; its arm is left out");
            return;
        }

        var nginx = NginxServer.Start(urls, _folder.FullName);
        _servers.Add(nginx);
        Arms.Add(new Arm(Arm.Nginx, nginx, Workers));
    }

    /// <summary>Waits until an arm answers as the worker itself would; the gateway first finds out what its workers serve.</summary>
    public static async Task AwaitReadyAsync(Arm arm, Workload workload, Expected expected)
    {
        using var timeout = new CancellationTokenSource(ReadyTimeout);
        using var connection = new HttpConnection(arm.Address(workload));
        while (true)
        {
            try
            {
                if (expected.IsMetBy(await connection.SendAsync(workload.Request)))
                    return;
            }
            catch (IOException) when (!timeout.IsCancellationRequested)
            {
                // Not listening yet.
            }

            await Task.Delay(100, timeout.Token);
        }
    }

    private async Task<MeasuredServer> StartAsync(string role, string[] args)
    {
        var server = await MeasuredServer.StartRoleAsync(role, args);
        _servers.Add(server);
        return server;
    }
}
