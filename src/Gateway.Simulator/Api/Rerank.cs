using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>POST /v1/rerank and /rerank: scores without meaning, best first, in the shape of the runtime.</summary>
internal static class Rerank
{
    private sealed record Scored(int Index, string Document, double Score);

    public static async Task HandleAsync(Exchange exchange)
    {
        using var document = await exchange.ReadJsonAsync();
        var request = document.RootElement;
        var model = request.GetModel(exchange.Options);
        var query = request.GetText("query") ?? throw ApiException.Invalid("query", "'query' is missing.");
        var documents = request.GetTexts("documents");
        if (documents.Count == 0)
            throw ApiException.Invalid("documents", "'documents' must have at least one document.");
        var id = request.GetRequestId();
        int[][] pairs = [.. documents.Select(text => SimulatedTokenizer.Encode($"{query}\n{text}"))];

        await PrefillOnly.RunAsync(exchange, request, id, pairs);
        var results = documents
            .Select((text, i) => new Scored(i, text, PrefillOnly.Score(pairs[i], exchange.Options.Seed)))
            .OrderByDescending(static result => result.Score)
            .Take(request.GetNumber("top_n") ?? documents.Count)
            .ToList();
        await exchange.WriteJsonAsync(StatusCodes.Status200OK, json =>
        {
            if (exchange.Options.Runtime == SimulatedRuntime.Vllm)
                WriteVllm(json, id, model, results, pairs.Sum(static pair => pair.Length));
            else
                WriteSgLang(json, id, results, withDocuments: request.Get("return_documents") is not { ValueKind: JsonValueKind.False });
        });
    }

    private static void WriteVllm(Utf8JsonWriter json, string id, string model, List<Scored> results, int tokens)
    {
        json.WriteStartObject();
        json.WriteString("id", $"rerank-{id}");
        json.WriteString("model", model);
        json.WriteStartArray("results");
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WriteNumber("index", result.Index);
            json.WriteStartObject("document");
            json.WriteString("text", result.Document);
            json.WriteEndObject();
            json.WriteNumber("relevance_score", result.Score);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteUsage(tokens, 0, 0);
        json.WriteEndObject();
    }

    private static void WriteSgLang(Utf8JsonWriter json, string id, List<Scored> results, bool withDocuments)
    {
        json.WriteStartArray();
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WriteNumber("score", result.Score);
            if (withDocuments)
                json.WriteString("document", result.Document);
            json.WriteNumber("index", result.Index);
            json.WriteStartObject("meta_info");
            json.WriteString("id", $"{id}-{result.Index}");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
