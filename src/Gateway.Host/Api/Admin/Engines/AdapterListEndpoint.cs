using System.Text.Json;
using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Administration;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;

namespace Gateway.Host.Api.Admin.Engines;

/// <summary><c>GET /list_lora_adapters</c>: asks every engine which LoRA adapters it has loaded.</summary>
internal sealed class AdapterListEndpoint(RegistryView view)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public async Task GetAsync(HttpContext context)
    {
        var answers = await WorkerFanOut.AskAllAsync(
            EngineErrand.WorkersAt(view.Current, url: null),
            Timeout,
            AskAsync,
            static reason => new EngineAnswer(EngineAnswerKind.Failed, reason),
            context.RequestAborted);
        var failed = answers.Count(static answer => answer.Answer.Kind != EngineAnswerKind.Done);
        await ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("workers"u8);
            foreach (var (worker, answer) in answers)
                Write(json, worker, answer);
            json.WriteEndArray();
            json.WriteNumber("total_workers"u8, answers.Count);
            json.WriteNumber("successful"u8, answers.Count - failed);
            json.WriteNumber("failed"u8, failed);
        });
    }

    private static async Task<EngineAnswer> AskAsync(Worker worker, CancellationToken cancellation)
    {
        if (worker.Client is GrpcEngineClient client)
            return await client.ListAdaptersAsync(DateTime.UtcNow + Timeout, cancellation);
        // Over HTTP both engines tell them among their models, each with the model that it adapts.
        using var response = await WorkerFanOut.SendAsync(worker, HttpMethod.Get, "v1/models", cancellation);
        if (!response.IsSuccessStatusCode)
            return new EngineAnswer(EngineAnswerKind.Failed, $"/v1/models answered {(int)response.StatusCode}");
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        return Read(body);
    }

    private static EngineAnswer Read(Stream body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var models = document.RootElement.GetProperty("data"u8).EnumerateArray();
            return new EngineAnswer(EngineAnswerKind.Done, "")
            {
                Adapters = [.. models.Where(static model => Text(model, "parent") is not null).Select(static model => new LoraAdapter(Text(model, "id") ?? "", Text(model, "root") ?? ""))],
            };
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return new EngineAnswer(EngineAnswerKind.Failed, "/v1/models is no list of models");
        }
    }

    private static string? Text(JsonElement model, string name) =>
        model.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static void Write(Utf8JsonWriter json, Worker worker, EngineAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("worker"u8, worker.Spec.Url.Text);
        if (answer.Kind == EngineAnswerKind.Done)
        {
            json.WriteStartArray("adapters"u8);
            foreach (var adapter in answer.Adapters)
            {
                json.WriteStartObject();
                json.WriteString("lora_name"u8, adapter.Name);
                json.WriteString("lora_path"u8, adapter.Path);
                if (adapter.Id.Length > 0)
                    json.WriteString("lora_id"u8, adapter.Id);
                if (adapter.IsPinned)
                    json.WriteBoolean("pinned"u8, true);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteString("error"u8, answer.Message);
            json.WriteBoolean("unsupported"u8, answer.Kind == EngineAnswerKind.Unsupported);
        }

        json.WriteEndObject();
    }
}
