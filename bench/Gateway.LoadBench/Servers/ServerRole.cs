using System.Globalization;
using Gateway.Actors.Routing;
using Gateway.Host.Configuration;
using Gateway.LoadBench.Scale;
using Gateway.LoadBench.TokenIn;
using Gateway.Simulator;
using Microsoft.AspNetCore.Builder;

namespace Gateway.LoadBench.Servers;

/// <summary>
/// What this executable is when it is one of the measured servers. It says <c>ready</c> with its addresses, answers each line on its
/// standard input with the bytes it has allocated so far, and ends with its standard input. So no server needs an endpoint for it.
/// </summary>
internal static class ServerRole
{
    public const string Verb = "serve";
    public const string Ready = "ready ";
    public const string Allocated = "allocated ";

    public static async Task<int> RunAsync(string role, string[] args)
    {
        switch (role)
        {
            case "workers":
                await using (var workers = await CannedWorkers.StartAsync())
                    Serve(string.Join(' ', workers.Urls));
                return 0;
            case "engines":
                await using (var engines = await TokenEngines.StartAsync(Enum.Parse<SimulatorProtocol>(args[0], ignoreCase: true)))
                    Serve(string.Join(' ', engines.Urls));
                return 0;
            case "fleet":
                await using (var fleet = await ScaleFleet.ServeAsync(Number(args[0])))
                    Serve(string.Join(' ', fleet.Urls));
                return 0;
            case "scale-gateway":
                return await ServeAsync(GatewayServer.Following(args[0], args[1]));
            case "token-gateway":
                return await ServeAsync(GatewayServer.Create(args[0], args[2..], tokenizer: args[1]));
            case "gateway":
                return await ServeAsync(GatewayServer.Create(args[0], args[1..]));
            case "clustered-gateway":
                return await ServeAsync(GatewayServer.Create(args[0], args[1..], cluster: GatewayServer.Alone));
            case "measured-gateway":
                return await ServeAsync(GatewayServer.Create(args[0], args[1..], metrics: new MetricsOptions { Port = 0, Host = "127.0.0.1" }));
            case "traced-gateway":
                var ratio = double.Parse(args[2], CultureInfo.InvariantCulture);
                return await ServeAsync(GatewayServer.Create(
                    args[0], args[3..], traces: new TraceOptions { IsEnabled = true, Endpoint = args[1], SampleRatio = ratio }));
            case "collector":
                return await ServeAsync(CollectorServer.Create());
            case "small-gateway":
                return await ServeAsync(GatewayServer.Create(
                    PolicyCatalog.Default, args[2..], new LimitOptions { MaxConcurrentRequests = Number(args[0]), QueueSize = Number(args[1]) }));
            case "yarp":
                return await ServeAsync(YarpServer.Create(args));
            default:
                Console.Error.WriteLine($"unknown role '{role}'");
                return 2;
        }
    }

    private static int Number(string arg) => int.Parse(arg, CultureInfo.InvariantCulture);

    private static async Task<int> ServeAsync(WebApplication app)
    {
        await app.StartAsync();
        Serve(app.Urls.First());
        // A drain would wait for clients that keep their connections open.
        return 0;
    }

    private static void Serve(string addresses)
    {
        Console.WriteLine(Ready + addresses);
        while (Console.ReadLine() is not null)
            Console.WriteLine(Allocated + GC.GetTotalAllocatedBytes(precise: true));
    }
}
