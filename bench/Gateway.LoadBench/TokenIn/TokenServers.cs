using Gateway.LoadBench.Run;
using Gateway.LoadBench.Servers;

namespace Gateway.LoadBench.TokenIn;

/// <summary>A gateway in front of engines that speak HTTP and one in front of engines that speak gRPC, each in a process of its own.</summary>
internal sealed class TokenServers : IAsyncDisposable
{
    private readonly List<MeasuredServer> _servers = [];

    /// <summary>Engines over HTTP asked directly, the gateway over them, and the gateway over gRPC.</summary>
    public List<Arm> Arms { get; } = [];

    public static async Task<TokenServers> StartAsync(string policy, string tokenizer)
    {
        var servers = new TokenServers();
        try
        {
            var http = await servers.StartRoleAsync("engines", "http");
            var grpc = await servers.StartRoleAsync("engines", "grpc");
            servers.Arms.Add(new Arm(Arm.Direct, null, http.Urls));
            servers.Arms.Add(new Arm(TokenTable.OverHttp, await servers.StartRoleAsync("token-gateway", [policy, tokenizer, .. Urls(http, "http")]), http.Urls));
            servers.Arms.Add(new Arm(TokenTable.OverGrpc, await servers.StartRoleAsync("token-gateway", [policy, tokenizer, .. Urls(grpc, "grpc")]), http.Urls));
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Enumerable.Reverse(_servers))
            await server.DisposeAsync();
    }

    private static IEnumerable<string> Urls(MeasuredServer engines, string scheme) => engines.Urls.Select(url => $"{scheme}://{url.Authority}");

    private async Task<MeasuredServer> StartRoleAsync(string role, params string[] args)
    {
        var server = await MeasuredServer.StartRoleAsync(role, args);
        _servers.Add(server);
        return server;
    }
}
