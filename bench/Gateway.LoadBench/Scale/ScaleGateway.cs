using System.Diagnostics;
using System.Text.Json;
using Gateway.LoadBench.Client;
using Gateway.LoadBench.Servers;

namespace Gateway.LoadBench.Scale;

/// <summary>The gateway of one fleet, in a process of its own, and the questions that the bench asks it.</summary>
internal sealed class ScaleGateway : IAsyncDisposable
{
    /// <summary>Registrations on their way at once, as of a script that brings up a fleet.</summary>
    private const int Registrars = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _workersFile = Path.Combine(Path.GetTempPath(), $"gateway-scale-{Guid.NewGuid():N}.yaml");
    private MeasuredServer? _server;

    public Uri Url => Server.Urls[0];

    public MeasuredServer Server => _server ?? throw new InvalidOperationException("It has not been started.");

    public static async Task<ScaleGateway> StartAsync(string policy)
    {
        var gateway = new ScaleGateway();
        await File.WriteAllTextAsync(gateway._workersFile, "[]");
        gateway._server = await MeasuredServer.StartRoleAsync("scale-gateway", [policy, gateway._workersFile]);
        return gateway;
    }

    /// <summary>Writes the workers file.</summary>
    /// <returns>How long it took until all of them were routable.</returns>
    public async Task<TimeSpan> ListAsync(IReadOnlyList<Uri> workers)
    {
        var start = Stopwatch.GetTimestamp();
        await File.WriteAllLinesAsync(_workersFile, workers.Select(static worker => $"- {worker.GetLeftPart(UriPartial.Authority)}"));
        await AwaitRoutableAsync(workers.Count);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Registers each by a request of its own.</summary>
    /// <returns>How long it took until all of them were routable.</returns>
    public async Task<TimeSpan> RegisterAsync(IReadOnlyList<Uri> workers)
    {
        var start = Stopwatch.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Registrars).Select(_ => Task.Run(async () =>
        {
            using var connection = new HttpConnection(Url);
            while (Interlocked.Increment(ref next) is var index && index < workers.Count)
            {
                var answer = await connection.SendAsync(ScaleRequests.Register(workers[index]));
                if (answer.Status is < 200 or > 299)
                    throw new InvalidOperationException($"A registration was answered with {answer.Status}.");
            }
        })));
        await AwaitRoutableAsync(workers.Count);
        return Stopwatch.GetElapsedTime(start);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        File.Delete(_workersFile);
    }

    private async Task AwaitRoutableAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var connection = new HttpConnection(Url);
        while (true)
        {
            var answer = await connection.SendAsync(ScaleRequests.Get("/readiness"));
            using var body = JsonDocument.Parse(answer.Body);
            if (answer.Status == 200 && body.RootElement.GetProperty("healthy_workers").GetInt32() == count)
                return;
            await Task.Delay(20, patience.Token);
        }
    }
}
