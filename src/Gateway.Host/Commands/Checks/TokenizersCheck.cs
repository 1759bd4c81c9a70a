using System.Text.Json.Nodes;

namespace Gateway.Host.Commands.Checks;

/// <summary>Whether the gateway has the tokenizers that models on gRPC workers need.</summary>
internal static class TokenizersCheck
{
    private const string Name = "tokenizer";

    public static async Task<IReadOnlyList<Finding>> RunAsync(ControlPlaneClient gateway, CancellationToken cancellation)
    {
        var answer = await gateway.GetAsync("/v1/tokenizers", cancellation);
        Finding[] findings = [.. (answer["tokenizers"] as JsonArray ?? []).OfType<JsonObject>().Select(Judge)];
        return findings.Length > 0 ? findings : [new Finding(Name, Severity.Ok, "there are none, and none is needed for workers over HTTP")];
    }

    private static Finding Judge(JsonObject tokenizer)
    {
        var name = tokenizer["name"]?.ToString() is { Length: > 0 } model ? model : "all models";
        var reason = tokenizer["reason"] is { } why ? $": {why}" : "";
        return tokenizer["status"]?.ToString() switch
        {
            "ready" => new Finding(Name, Severity.Ok, $"that of {name} is ready"),
            "loading" => new Finding(Name, Severity.Warning, $"that of {name} is loading{reason}", "gRPC workers of this model take no requests before it is there"),
            var status => new Finding(
                Name, Severity.Failed, $"that of {name} is {status}{reason}", "name another with tokenizer_path under models, or POST /v1/tokenizers"),
        };
    }
}
