using System.Text;
using System.Text.Json;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;

namespace Gateway.Host.Api;

/// <summary>
/// <c>GET /get_model_info</c> and <c>/get_server_info</c> of models that only engines over gRPC serve. These were asked when they were
/// probed, so that the answer, under SGLang's names, is in the snapshot; engines over HTTP are asked themselves.
/// </summary>
internal sealed class EngineFactsEndpoints(RegistryView view, ApiKeyCheck keys)
{
    public RequestDelegate ModelInfo(RequestDelegate overHttp) => context => AnswerAsync(context, overHttp, WriteModel);

    public RequestDelegate ServerInfo(RequestDelegate overHttp) => context => AnswerAsync(context, overHttp, WriteServer);

    private Task AnswerAsync(HttpContext context, RequestDelegate overHttp, Action<Utf8JsonWriter, ModelSnapshot, Worker> write)
    {
        if (Find(context.Request.Query["model"]) is not { } model)
            return overHttp(context);
        return keys.Refusal(context.Request) is not { } refusal
            ? JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
            {
                json.WriteStartObject();
                write(json, model, model.Ready[0]);
                json.WriteEndObject();
            })
            : OpenAiError.WriteAsync(context, refusal);
    }

    /// <returns>Null if an engine over HTTP is to say it, or nobody can.</returns>
    private ModelSnapshot? Find(string? name)
    {
        var snapshot = view.Current;
        if (!string.IsNullOrEmpty(name))
            return snapshot.FindModel(Encoding.UTF8.GetBytes(name)) is { HasHttpWorkers: false, Ready.IsEmpty: false } named ? named : null;
        ModelSnapshot? first = null;
        foreach (var (_, model) in snapshot.Models)
        {
            if (model.HasHttpWorkers)
                return null;
            if (!model.Ready.IsEmpty)
                first ??= model;
        }

        return first;
    }

    private static void WriteModel(Utf8JsonWriter json, ModelSnapshot model, Worker worker)
    {
        var facts = worker.Facts.Model ?? new EngineModelFacts();
        WriteNames(json, model, facts);
        json.WriteBoolean("is_generation"u8, facts.IsGeneration);
        json.WriteBoolean("has_image_understanding"u8, facts.SupportsVision);
        json.WritePropertyName("preferred_sampling_params"u8);
        WriteSampling(json, facts.DefaultSamplingJson);
        json.WriteString("model_type"u8, facts.ModelType);
        json.WriteStartArray("architectures"u8);
        foreach (var architecture in facts.Architectures)
            json.WriteStringValue(architecture);
        json.WriteEndArray();
        if (model.Card.MaxModelLength is { } length)
            json.WriteNumber("max_model_len"u8, length);
        if (facts.VocabularySize is { } size)
            json.WriteNumber("vocab_size"u8, size);
        json.WriteStartArray("eos_token_ids"u8);
        foreach (var token in facts.EndOfTextTokens)
            json.WriteNumberValue(token);
        json.WriteEndArray();
    }

    private static void WriteServer(Utf8JsonWriter json, ModelSnapshot model, Worker worker)
    {
        WriteNames(json, model, worker.Facts.Model ?? new EngineModelFacts());
        if (worker.Facts.DataParallelSize is { } ranks)
            json.WriteNumber("dp_size"u8, ranks);
        if (worker.Facts.MaxRunningRequests is { } most)
            json.WriteNumber("max_running_requests"u8, most);
        json.WriteString("version"u8, worker.Facts.EngineVersion);
    }

    private static void WriteNames(Utf8JsonWriter json, ModelSnapshot model, EngineModelFacts facts)
    {
        json.WriteString("model_path"u8, facts.ModelPath);
        json.WriteString("tokenizer_path"u8, facts.TokenizerPath);
        json.WriteString("served_model_name"u8, model.Id);
    }

    /// <summary>It comes from the engine: what is not JSON would make the whole answer none.</summary>
    private static void WriteSampling(Utf8JsonWriter json, string? sampling)
    {
        try
        {
            json.WriteRawValue(sampling ?? "null");
        }
        catch (JsonException)
        {
            json.WriteNullValue();
        }
    }
}
