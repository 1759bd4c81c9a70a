using System.Text.Json;
using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Administration;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Api.Admin.Engines;

/// <summary>
/// What operators have all engines do, or the one that a request's <c>url</c> names: <c>POST /flush_cache</c>, <c>/start_profile</c>,
/// <c>/stop_profile</c>, <c>/load_lora_adapter</c>, <c>/unload_lora_adapter</c>.
/// </summary>
internal sealed class EngineEndpoints(RegistryView view)
{
    public Task FlushCacheAsync(HttpContext context) => RunAsync(context, static _ => EngineOperations.FlushCache, "flushed the cache of");

    public Task StartProfileAsync(HttpContext context) =>
        RunAsync(context, static fields => EngineOperations.StartProfile(ReadProfile(fields)), "started a profile of");

    public Task StopProfileAsync(HttpContext context) => RunAsync(context, static _ => EngineOperations.StopProfile, "stopped the profile of");

    public Task LoadAdapterAsync(HttpContext context) => RunAsync(
        context,
        static fields => EngineOperations.LoadAdapter(new LoraAdapter(
            Required(fields, "lora_name"), Required(fields, "lora_path"), fields.Text("lora_id") ?? "", fields.Switch("pinned") ?? false)),
        "loaded the adapter on",
        changesModels: true);

    public Task UnloadAdapterAsync(HttpContext context) => RunAsync(
        context,
        static fields => EngineOperations.UnloadAdapter(new LoraAdapter(Required(fields, "lora_name"), Id: fields.Text("lora_id") ?? "")),
        "unloaded the adapter from",
        changesModels: true);

    /// <param name="context">The request's.</param>
    /// <param name="read">What to do.</param>
    /// <param name="done">For the operator.</param>
    /// <param name="changesModels">The engines are asked at once what they serve then.</param>
    private async Task RunAsync(HttpContext context, Func<JsonFields, EngineOperation> read, string done, bool changesModels = false)
    {
        var (operation, url) = await ControlPlaneBody.ReadOptionalAsync(context, json =>
        {
            var fields = new JsonFields(json);
            var asked = (read(fields), ReadUrl(fields));
            fields.RefuseOthers();
            return asked;
        });
        var answers = await EngineErrand.RunAsync(view.Current, url, operation, context.RequestAborted);
        foreach (var (worker, answer) in answers)
        {
            if (changesModels && answer.Kind == EngineAnswerKind.Done)
                worker.Refresh();
        }

        await ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json => Write(json, answers, done));
    }

    /// <summary>As the Shepherd Model Gateway says it; which of the failed engines have nothing of the kind is our own addition.</summary>
    private static void Write(Utf8JsonWriter json, IReadOnlyList<(Worker Worker, EngineAnswer Answer)> answers, string done)
    {
        var failed = answers.Where(static answer => answer.Answer.Kind != EngineAnswerKind.Done).ToArray();
        json.WriteStartArray("successful"u8);
        foreach (var (worker, _) in answers.Where(static answer => answer.Answer.Kind == EngineAnswerKind.Done))
            json.WriteStringValue(worker.Spec.Url.Text);
        json.WriteEndArray();
        json.WriteStartArray("failed"u8);
        foreach (var (worker, answer) in failed)
        {
            json.WriteStartArray();
            json.WriteStringValue(worker.Spec.Url.Text);
            json.WriteStringValue(answer.Message.Length > 0 ? answer.Message : "the engine refused");
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("unsupported"u8);
        foreach (var (worker, _) in failed.Where(static answer => answer.Answer.Kind == EngineAnswerKind.Unsupported))
            json.WriteStringValue(worker.Spec.Url.Text);
        json.WriteEndArray();
        json.WriteNumber("total_workers"u8, answers.Count);
        json.WriteNumber("http_workers"u8, answers.Count(static answer => answer.Worker.Client is HttpEngineClient));
        json.WriteNumber("grpc_workers"u8, answers.Count(static answer => answer.Worker.Client is GrpcEngineClient));
        json.WriteNumber("zmq_workers"u8, 0);
        json.WriteString("message"u8, failed.Length == 0
            ? $"{done} {answers.Count} workers"
            : $"{done} {answers.Count - failed.Length} workers, {failed.Length} failed");
    }

    private static WorkerUrl? ReadUrl(JsonFields fields)
    {
        if (fields.Text("url") is not { } text)
            return null;
        return WorkerUrl.TryParse(text, out var url, out var error) ? url : throw fields.Wrong("url", error);
    }

    private static ProfileSettings ReadProfile(JsonFields fields) => new()
    {
        OutputFolder = fields.Text("output_dir"),
        StartStep = fields.Integer("start_step", 0, int.MaxValue),
        Steps = fields.Integer("num_steps", 1, int.MaxValue),
        Activities = ReadActivities(fields),
        WithStack = fields.Switch("with_stack"),
        RecordShapes = fields.Switch("record_shapes"),
        ByStage = fields.Switch("profile_by_stage") ?? false,
    };

    private static IReadOnlyList<string> ReadActivities(JsonFields fields) => fields.Any("activities") switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String) =>
            [.. list.EnumerateArray().Select(static item => item.GetString()!)],
        _ => throw fields.Wrong("activities", "must be a list of texts"),
    };

    private static string Required(JsonFields fields, string name) => fields.Text(name) ?? throw fields.Wrong(name, "is missing");
}
