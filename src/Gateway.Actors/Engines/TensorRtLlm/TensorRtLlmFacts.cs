using Gateway.Actors.Workers;
using Gateway.Wire.TensorRtLlm;

namespace Gateway.Actors.Engines.TensorRtLlm;

/// <summary>Reads what TensorRT-LLM tells of itself.</summary>
internal static class TensorRtLlmFacts
{
    public static WorkerFacts Read(GetModelInfoResponse model, GetServerInfoResponse? server) => new()
    {
        Mode = ConnectionMode.Grpc,
        Runtime = EngineRuntime.TensorRtLlm,
        Models = EngineFacts.Models(model.ModelId, "", model.MaxSeqLen),
        EngineVersion = EngineFacts.Text(server?.Version),
        MaxRunningRequests = EngineFacts.Positive(model.MaxBatchSize),
        Model = new EngineModelFacts
        {
            ModelPath = EngineFacts.Text(model.ModelId),
            VocabularySize = EngineFacts.Positive(model.VocabSize),
        },
    };
}
