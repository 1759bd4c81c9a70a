using System.Text.Json;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Api.Admin;

/// <summary><c>GET /get_loads</c>: asks every engine how busy it is.</summary>
internal sealed class LoadEndpoint(RegistryView view, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public async Task GetAsync(HttpContext context)
    {
        var answers = await WorkerFanOut.AskAllAsync(WorkerFanOut.WorkersOf(view.Current), Timeout, AskOneAsync, EngineLoadReport.Unknown, context.RequestAborted);
        var failed = answers.Count(static answer => answer.Answer.Failure is not null);
        await ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("loads"u8);
            foreach (var (worker, load) in answers)
                Write(json, worker, load);
            json.WriteEndArray();
            json.WriteNumber("total_workers"u8, answers.Count);
            json.WriteNumber("successful"u8, answers.Count - failed);
            json.WriteNumber("failed"u8, failed);
        });
    }

    private static async Task<EngineLoadReport> AskOneAsync(Worker worker, CancellationToken cancellation)
    {
        var client = worker.Client ?? throw new NotSupportedException("not connected");
        var report = await client.ReadLoadAsync(new LoadPlan(worker.Facts.Runtime, Timeout, worker.Spec.ApiKey), cancellation);
        return report.About(worker.Spec.Url);
    }

    private void Write(Utf8JsonWriter json, Worker worker, EngineLoadReport load)
    {
        json.WriteStartObject();
        json.WriteString("worker"u8, worker.Spec.Url.Text);
        json.WriteString("worker_type"u8, WorkerSpecWords.Roles.WordOf(worker.Spec.Role));
        json.WriteNumber("load"u8, load.UsedTokens);
        if (load.Failure is { } reason)
            json.WriteString("error"u8, reason);
        if (load.Ranks.Count > 0)
        {
            json.WriteStartObject("details"u8);
            json.WriteString("timestamp"u8, time.GetUtcNow());
            json.WriteNumber("dp_rank_count"u8, load.Ranks.Count);
            json.WriteStartArray("loads"u8);
            foreach (var rank in load.Ranks)
            {
                json.WriteStartObject();
                foreach (var (name, value) in rank)
                {
                    json.WritePropertyName(name);
                    value.WriteTo(json);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
