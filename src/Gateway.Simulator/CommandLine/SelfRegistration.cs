using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Gateway.Simulator.CommandLine;

/// <summary>Registers workers with a gateway, and keeps them registered until it is told to stop. Then their leases run out.</summary>
/// <param name="gateway">Its address.</param>
/// <param name="key">Of its control plane; null for none.</param>
internal sealed class SelfRegistration(Uri gateway, string? key)
{
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(15);

    // Two of them may go wrong.
    private static readonly TimeSpan _renewal = _lease / 3;

    public async Task KeepAsync(IReadOnlyList<SimulatedWorker> workers, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = gateway, Timeout = _renewal };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var told = new Dictionary<string, string>();
        while (!cancellation.IsCancellationRequested)
        {
            foreach (var worker in workers)
            {
                var answer = await RegisterAsync(client, worker, cancellation);
                if (!told.TryGetValue(worker.Name, out var last) || last != answer)
                    Console.WriteLine($"{worker.Name}: the gateway answers {answer}");
                told[worker.Name] = answer;
            }

            await Task.Delay(_renewal, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<string> RegisterAsync(HttpClient client, SimulatedWorker worker, CancellationToken cancellation)
    {
        var description = new JsonObject
        {
            ["url"] = (worker.GrpcUrl ?? worker.Url).ToString(),
            ["worker_type"] = worker.Options.Role.ToString().ToLowerInvariant(),
            ["lease_secs"] = _lease.TotalSeconds,
        };
        if (worker.BootstrapPort is { } port)
            description["bootstrap_port"] = port;
        if (worker.Options.ApiKey is { } own)
            description["api_key"] = own;
        try
        {
            using var response = await client.PostAsJsonAsync("workers", description, cancellation);
            return $"{(int)response.StatusCode}";
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return "nothing";
        }
    }
}
