using Gateway.Host.Api;
using Gateway.Host.Serving.Tokens.Answers;
using Gateway.Host.Serving.Tokens.Requests;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>Plans <c>/v1/embeddings</c>.</summary>
internal static class EmbeddingPlanner
{
    /// <inheritdoc cref="TokenPlanner"/>
    public static TokenPlan? Plan(in PlanningRequest request, out GatewayError? error)
    {
        var fields = new FieldReader(request.Json);
        var format = fields.Text("encoding_format") ?? "float";
        if (format is not ("float" or "base64"))
            fields.Refuse(FieldError.NotAmong("encoding_format", format, "float", "base64"));
        // No engine has a field for it, and what is cut off later is not what the model would have given.
        if (fields.Find("dimensions") is not null)
            fields.Refuse(FieldError.Unsupported("dimensions", "This model does not support specifying dimensions."));
        var inputs = EmbeddingInputs.Read(fields, request.Encoder);
        error = fields.Error;
        return error is null ? new EmbeddingPlan { Prompts = inputs, Answer = new EmbeddingsAnswer(request.Model, format == "base64") } : null;
    }
}
