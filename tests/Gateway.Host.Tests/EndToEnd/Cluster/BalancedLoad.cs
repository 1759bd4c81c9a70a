using System.Collections.Concurrent;
using System.Net;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.EndToEnd.Cluster;

/// <summary>
/// Clients behind a load balancer that does what every one of them does: it sends to gateways whose readiness is 200, and a request that
/// could not be delivered, or was turned away by a gateway that stops, to the next one. Every second answer is a stream.
/// </summary>
internal sealed class BalancedLoad : IAsyncDisposable
{
    private static readonly Uri Chat = new("/v1/chat/completions", UriKind.Relative);
    private static readonly Uri Readiness = new("/readiness", UriKind.Relative);

    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<HttpClient> _gateways;
    private readonly bool[] _isReady;
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task _work;
    private int _served;

    private BalancedLoad(IReadOnlyList<HttpClient> gateways, int clients)
    {
        _gateways = gateways;
        _isReady = new bool[gateways.Count];
        _work = Task.WhenAll(
            [.. Enumerable.Range(0, gateways.Count).Select(WatchAsync), .. Enumerable.Range(0, clients).Select(ServeAsync)]);
    }

    /// <summary>What went wrong, one line for each request.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    public static BalancedLoad Start(IReadOnlyList<HttpClient> gateways, int clients) => new(gateways, clients);

    public Task ServesAsync(int more)
    {
        var target = Volatile.Read(ref _served) + more;
        return Eventually.HoldsAsync(() => Volatile.Read(ref _served) >= target || !_failures.IsEmpty, "the load goes on");
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _work;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WatchAsync(int gateway)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var answer = await _gateways[gateway].GetAsync(Readiness);
                _isReady[gateway] = answer.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                _isReady[gateway] = false;
            }

            await Task.Delay(50);
        }
    }

    private async Task ServeAsync(int client)
    {
        for (var turn = client; !_stop.IsCancellationRequested; turn++)
        {
            if (await DeliverAsync(turn) is { } failure)
                _failures.Enqueue(failure);
            else
                Interlocked.Increment(ref _served);
        }
    }

    private async Task<string?> DeliverAsync(int turn)
    {
        var stream = turn % 2 == 0;
        for (var attempt = 0; ; attempt++)
        {
            var gateway = (turn + attempt) % _gateways.Count;
            if (!_isReady[gateway])
            {
                await Task.Delay(10);
                if (attempt > 2_000)
                    return "no gateway is ready";
                continue;
            }

            HttpResponseMessage response;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = ClientLoad.Request(stream, maxTokens: 40) };
                response = await _gateways[gateway].SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            }
            catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ConnectionError)
            {
                _isReady[gateway] = false;
                continue;
            }
            catch (HttpRequestException failure)
            {
                return $"gateway {gateway}: {failure.Message}";
            }

            using (response)
            {
                if (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null)
                {
                    _isReady[gateway] = false;
                    continue;
                }

                return await JudgeAsync(response, stream) is { } wrong ? $"gateway {gateway}: {wrong}" : null;
            }
        }
    }

    private static async Task<string?> JudgeAsync(HttpResponseMessage response, bool stream)
    {
        try
        {
            var text = await response.Content.ReadAsStringAsync();
            var isWhole = response.StatusCode == HttpStatusCode.OK
                && (stream ? text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal) : text.EndsWith('}'));
            return isWhole ? null : $"{response.StatusCode}, ...{text[Math.Max(0, text.Length - 200)..]}";
        }
        catch (HttpRequestException failure)
        {
            return failure.Message;
        }
    }
}
