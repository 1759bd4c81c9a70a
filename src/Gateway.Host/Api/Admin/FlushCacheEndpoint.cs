using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;

namespace Gateway.Host.Api.Admin;

/// <summary><c>POST /flush_cache</c>: has every engine forget its prefix cache.</summary>
internal sealed class FlushCacheEndpoint(RegistryView view)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(45);

    public async Task FlushAsync(HttpContext context)
    {
        var answers = await WorkerFanOut.AskAllAsync(view.Current, Timeout, FlushOneAsync, static reason => reason, context.RequestAborted);
        var failed = answers.Where(static answer => answer.Answer is not null).ToArray();
        await ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("successful"u8);
            foreach (var (worker, _) in answers.Where(static answer => answer.Answer is null))
                json.WriteStringValue(worker.Spec.Url.Text);
            json.WriteEndArray();
            json.WriteStartArray("failed"u8);
            foreach (var (worker, reason) in failed)
            {
                json.WriteStartArray();
                json.WriteStringValue(worker.Spec.Url.Text);
                json.WriteStringValue(reason);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteNumber("total_workers"u8, answers.Count);
            json.WriteNumber("http_workers"u8, answers.Count(static answer => answer.Worker.Client is HttpEngineClient));
            json.WriteNumber("grpc_workers"u8, answers.Count(static answer => answer.Worker.Client is GrpcEngineClient));
            json.WriteNumber("zmq_workers"u8, 0);
            json.WriteString("message"u8, failed.Length == 0
                ? $"flushed the cache of {answers.Count} workers"
                : $"flushed the cache of {answers.Count - failed.Length} workers, {failed.Length} failed");
        });
    }

    /// <returns>Null for a success, else the reason.</returns>
    private static async Task<string?> FlushOneAsync(Worker worker, CancellationToken cancellation)
    {
        var path = worker.Facts.Runtime == EngineRuntime.Vllm ? "reset_prefix_cache" : "flush_cache";
        using var response = await WorkerFanOut.SendAsync(worker, HttpMethod.Post, path, cancellation);
        return response.IsSuccessStatusCode ? null : $"/{path} answered {(int)response.StatusCode}";
    }
}
