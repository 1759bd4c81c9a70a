using System.Net.Http.Headers;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;

namespace Gateway.Host.Api.Admin;

/// <summary>Asks something of every worker at once, over the connections that it has anyway.</summary>
internal static class WorkerFanOut
{
    private const int Parallelism = 32;

    /// <summary>No engine's answer to the control plane is near this size.</summary>
    private const int LargestAnswer = 4 * 1024 * 1024;

    /// <summary>All workers in order of registration.</summary>
    public static IReadOnlyList<Worker> WorkersOf(RegistrySnapshot snapshot) =>
        [.. snapshot.Workers.Values.OrderBy(static entry => entry.Ordinal).Select(static entry => entry.Worker)];

    /// <returns>One answer a worker, in their order.</returns>
    public static async Task<IReadOnlyList<(Worker Worker, T Answer)>> AskAllAsync<T>(
        IReadOnlyList<Worker> workers,
        TimeSpan timeout,
        Func<Worker, CancellationToken, Task<T>> ask,
        Func<string, T> failed,
        CancellationToken cancellation)
    {
        var answers = new (Worker, T)[workers.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellation };
        await Parallel.ForAsync(0, workers.Count, options, async (index, stop) =>
            answers[index] = (workers[index], await AskAsync(workers[index], timeout, ask, failed, stop)));
        return answers;
    }

    /// <summary>Sends a request to the worker's engine with the worker's key, and reads the whole answer.</summary>
    /// <exception cref="HttpRequestException">The transport failed, or the answer is too long.</exception>
    /// <exception cref="NotSupportedException">The worker is not connected over HTTP.</exception>
    public static async Task<HttpResponseMessage> SendAsync(
        Worker worker, HttpMethod method, string path, CancellationToken cancellation, byte[]? json = null)
    {
        var client = worker.Client switch
        {
            HttpEngineClient http => http,
            null => throw new NotSupportedException("not connected"),
            _ => throw new NotSupportedException("not supported over gRPC"),
        };
        using var request = new HttpRequestMessage(method, new Uri(client.Address, path));
        if (worker.Spec.ApiKey is { } key)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        if (json is not null)
            request.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var response = await client.SendAsync(request, cancellation);
        try
        {
            await response.Content.LoadIntoBufferAsync(LargestAnswer, cancellation);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static async Task<T> AskAsync<T>(
        Worker worker, TimeSpan timeout, Func<Worker, CancellationToken, Task<T>> ask, Func<string, T> failed, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            return await ask(worker, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return failed($"no answer within {timeout.TotalSeconds} s");
        }
        catch (Exception failure) when (BrokenConnection.Explains(failure) || failure is NotSupportedException)
        {
            return failed(failure.GetBaseException().Message);
        }
        catch (ObjectDisposedException)
        {
            return failed("it went away");
        }
    }
}
