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

    /// <summary>Arms that should take part and cannot, and why.</summary>
    public List<string> LeftOut { get; } = [];

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
        if (Takes(options, Arm.Nginx, NginxServer.IsInstalled, "nginx is not installed (apt-get install nginx)"))
            Add(Arm.Nginx, NginxServer.Start(urls, _folder.FullName, options.Peers ? Environment.ProcessorCount : 1));
        if (!options.Peers)
            return;
        if (Takes(options, Arm.HaProxy, HaProxyServer.IsInstalled, "haproxy is not installed (apt-get install haproxy)"))
            Add(Arm.HaProxy, HaProxyServer.Start(urls, _folder.FullName));
        if (options.Without.Contains(Arm.Portkey))
            return;
        var obstacle = await PortkeyServer.InstallAsync();
        if (Takes(options, Arm.Portkey, obstacle is null, $"Portkey's gateway cannot be installed: {obstacle}"))
            Add(Arm.Portkey, PortkeyServer.Start(), PortkeyServer.HeadersFor(urls));
    }

    private bool Takes(LoadBenchOptions options, string arm, bool isInstalled, string obstacle)
    {
        if (options.Without.Contains(arm))
            return false;
        if (!isInstalled)
        {
            LeftOut.Add($"{obstacle}; its arm is left out");
            Console.Error.WriteLine(LeftOut[^1]);
        }

        return isInstalled;
    }

    private void Add(string name, MeasuredServer server, Func<Workload, string>? headers = null)
    {
        _servers.Add(server);
        Arms.Add(new Arm(name, server, Workers, headers));
    }

    /// <summary>Waits until an arm answers as the worker itself would; the gateway first finds out what its workers serve.</summary>
    public static async Task AwaitReadyAsync(Arm arm, Workload workload, Expected expected)
    {
        using var timeout = new CancellationTokenSource(ReadyTimeout);
        using var connection = new HttpConnection(arm.Address(workload));
        var request = arm.Adapt(workload).Request;
        while (true)
        {
            try
            {
                if (expected.IsMetBy(await connection.SendAsync(request)))
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
