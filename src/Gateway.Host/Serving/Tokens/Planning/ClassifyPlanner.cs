using Gateway.Actors.Engines.Generation;
using Gateway.Host.Api;
using Gateway.Host.Serving.Tokens.Answers;
using Gateway.Host.Serving.Tokens.Requests;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>Plans <c>/v1/classify</c>, as vLLM has it.</summary>
internal static class ClassifyPlanner
{
    /// <inheritdoc cref="TokenPlanner"/>
    public static TokenPlan? Plan(in PlanningRequest request, out GatewayError? error)
    {
        var fields = new FieldReader(request.Json);
        var inputs = EmbeddingInputs.Read(fields, request.Encoder);
        error = fields.Error;
        return error is null ? new EmbeddingPlan { Prompts = inputs, Task = EmbeddingTask.Classify, Answer = new ClassesAnswer(request.Head) } : null;
    }
}
