using System.Text.Json;
using Gateway.Actors.Engines.Generation;
using Gateway.Host.Api;
using Gateway.Host.Serving.Tokens.Answers;
using Gateway.Host.Serving.Tokens.Requests;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>Plans <c>/v1/rerank</c>: query and document are one input of a model that says how well the two go together.</summary>
internal static class RerankPlanner
{
    /// <inheritdoc cref="TokenPlanner"/>
    public static TokenPlan? Plan(in PlanningRequest request, out GatewayError? error)
    {
        var fields = new FieldReader(request.Json);
        if (fields.Find("query") is null)
            fields.Refuse(FieldError.Missing("query"));
        var query = fields.Text("query");
        var documents = Documents(fields);
        var most = fields.Integer("top_n", 0) ?? 0;
        var showsDocuments = fields.Flag("return_documents") ?? true;
        error = fields.Error;
        if (error is not null)
            return null;

        var prompts = new List<ReadOnlyMemory<int>>(documents.Count);
        var types = new List<ReadOnlyMemory<int>>(documents.Count);
        foreach (var document in documents)
        {
            if (request.Text.Tokenizer.EncodePair(query!, document, request.Exchange.Context.RequestAborted) is not { } pair)
            {
                // A model without pairs is none that scores them.
                error = GatewayError.NotOverTokens;
                return null;
            }

            prompts.Add(pair.Ids);
            types.Add(pair.Types);
        }

        return new EmbeddingPlan
        {
            Prompts = prompts,
            Task = EmbeddingTask.ScorePair,
            TokenTypes = types,
            Answer = new RankingAnswer(
                request.Exchange.RequestId, request.Model, documents, most > 0 ? Math.Min(most, documents.Count) : documents.Count, showsDocuments),
        };
    }

    /// <summary>Texts, or objects that have one.</summary>
    private static List<string> Documents(FieldReader fields)
    {
        var documents = new List<string>();
        if (fields.Find("documents") is null)
            fields.Refuse(FieldError.Missing("documents"));
        if (fields.Array("documents") is not { } json)
            return documents;
        if (json.GetArrayLength() == 0)
            fields.Refuse(FieldError.EmptyArray("documents"));
        if (json.GetArrayLength() > InputFields.Most)
            fields.Refuse(FieldError.TooMany("documents", InputFields.Most, json.GetArrayLength()));
        foreach (var item in json.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String)
                documents.Add(item.GetString()!);
            else if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
                documents.Add(text.GetString()!);
            else
                fields.Refuse(FieldError.WrongType($"documents[{documents.Count}]", "a string or an object with 'text'", item));
        }

        return documents;
    }
}
