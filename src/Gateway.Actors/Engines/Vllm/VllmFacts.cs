using Gateway.Actors.Workers;
using Gateway.Wire.Vllm;

namespace Gateway.Actors.Engines.Vllm;

/// <summary>Reads what vLLM tells of itself.</summary>
internal static class VllmFacts
{
    public static WorkerFacts Read(GetModelInfoResponse model, GetServerInfoResponse? server, GetLoadsResponse? loads) => new()
    {
        Mode = ConnectionMode.Grpc,
        Runtime = EngineRuntime.Vllm,
        Models = EngineFacts.Models(model.ServedModelName, model.ModelPath, model.MaxContextLength),
        DataParallelSize = EngineFacts.Positive(server?.DataParallelSize ?? 0),
        MaxRunningRequests = VllmLoads.MaxRunningRequests(loads),
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
            DefaultSamplingJson = EngineFacts.Text(model.DefaultSamplingParamsJson),
            KvConnector = EngineFacts.Text(server?.KvConnector),
            KvRole = EngineFacts.Text(server?.KvRole),
            KvEngineId = EngineFacts.Text(server?.KvEngineId),
        },
    };
}
