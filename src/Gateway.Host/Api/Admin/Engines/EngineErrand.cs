using System.Net;
using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Administration;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;

namespace Gateway.Host.Api.Admin.Engines;

/// <summary>Has engines do something, over whatever protocol each of them speaks.</summary>
internal static class EngineErrand
{
    /// <summary>An engine's own words are for the operator to read; a stack trace is not.</summary>
    private const int LongestWords = 300;

    /// <param name="snapshot">Whose workers are told.</param>
    /// <param name="url">Null for all workers, else the one.</param>
    /// <param name="operation">What to do.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ControlPlaneException">There is no such worker.</exception>
    public static Task<IReadOnlyList<(Worker Worker, EngineAnswer Answer)>> RunAsync(
        RegistrySnapshot snapshot, WorkerUrl? url, EngineOperation operation, CancellationToken cancellation) =>
        WorkerFanOut.AskAllAsync(
            WorkersAt(snapshot, url),
            operation.Timeout,
            (worker, stop) => AskAsync(worker, operation, stop),
            static reason => new EngineAnswer(EngineAnswerKind.Failed, reason),
            cancellation);

    /// <summary>All workers in order of registration, or the one at an address.</summary>
    /// <exception cref="ControlPlaneException">There is none.</exception>
    public static IReadOnlyList<Worker> WorkersAt(RegistrySnapshot snapshot, WorkerUrl? url)
    {
        var all = WorkerFanOut.WorkersOf(snapshot);
        if (url is null)
            return all;
        var one = all.FirstOrDefault(worker => worker.Spec.Url.Place == url.Place)
            ?? throw ControlPlaneException.NotFound($"there is no worker at '{url}'");
        return [one];
    }

    private static async Task<EngineAnswer> AskAsync(Worker worker, EngineOperation operation, CancellationToken cancellation)
    {
        if (worker.Client is GrpcEngineClient client)
            return await operation.OverGrpc(client, DateTime.UtcNow + operation.Timeout, cancellation);
        var path = operation.Path(worker.Facts.Runtime);
        using var response = await WorkerFanOut.SendAsync(worker, HttpMethod.Post, path, cancellation, operation.Body);
        if (response.IsSuccessStatusCode)
            return new EngineAnswer(EngineAnswerKind.Done, "");
        var answered = $"/{path} answered {(int)response.StatusCode}";
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
            return new EngineAnswer(EngineAnswerKind.Unsupported, answered);
        var words = await response.Content.ReadAsStringAsync(cancellation);
        var message = words.Length is 0 or > LongestWords ? answered : $"{answered}: {words}";
        return new EngineAnswer((int)response.StatusCode < 500 ? EngineAnswerKind.Refused : EngineAnswerKind.Failed, message);
    }
}
