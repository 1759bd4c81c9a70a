using Gateway.Actors.Workers;
using Gateway.Wire.SgLang;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Actors.Engines.SgLang;

/// <summary>Reads what SGLang tells of itself.</summary>
internal static class SgLangFacts
{
    public static WorkerFacts Read(GetModelInfoResponse model, GetServerInfoResponse? server, GetLoadsResponse? loads) => new()
    {
        Mode = ConnectionMode.Grpc,
        Runtime = EngineRuntime.SgLang,
        Models = EngineFacts.Models(model.ServedModelName, model.ModelPath, model.MaxContextLength),
        EngineVersion = EngineFacts.Text(server?.SglangVersion),
        DataParallelSize = Number(server?.ServerArgs, "dp_size"),
        // What each scheduler has settled on, before one scheduler's figure and before what was asked for.
        MaxRunningRequests = SgLangLoads.MaxRunningRequests(loads)
            ?? Number(server?.SchedulerInfo, "max_running_requests")
            ?? Number(server?.ServerArgs, "max_running_requests"),
        Model = new EngineModelFacts
        {
            ModelPath = EngineFacts.Text(model.ModelPath),
            TokenizerPath = EngineFacts.Text(model.TokenizerPath),
            ModelType = EngineFacts.Text(model.ModelType),
            Architectures = [.. model.Architectures],
            EndOfTextTokens = [.. model.EosTokenIds],
            VocabularySize = EngineFacts.Positive(model.VocabSize),
            IsGeneration = model.IsGeneration,
            SupportsVision = model.SupportsVision,
            ClassLabels = ClassLabels.Parse(model.Id2LabelJson),
            DefaultSamplingJson = EngineFacts.Text(model.DefaultSamplingParamsJson),
        },
    };

    private static int? Number(Struct? values, string name) =>
        values is not null && values.Fields.TryGetValue(name, out var value) && value.KindCase == Value.KindOneofCase.NumberValue
        && value.NumberValue is >= 1 and <= int.MaxValue
            ? (int)value.NumberValue
            : null;
}
