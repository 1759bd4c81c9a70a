using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Host.Admission;
using Gateway.Host.Api.Admin;
using Gateway.Host.Configuration;

namespace Gateway.Host.Api.Description;

/// <summary>
/// <c>GET /openapi.json</c>: the API in OpenAPI 3.1, open to everybody. Which endpoints there are, and whom they answer, is taken from the endpoints
/// themselves; the words and shapes from <c>openapi.yaml</c>. It is made when it is first asked for.
/// </summary>
internal sealed class ApiDescription(EndpointDataSource endpoints)
{
    public const string Path = "/openapi.json";

    /// <summary>Not OpenAPI's own: the lowest role of a key that the endpoint answers.</summary>
    public const string RoleField = "x-required-role";

    private const string Words = "Gateway.Host.Api.Description.openapi.yaml";

    private readonly Lazy<byte[]> _document = new(() => JsonSerializer.SerializeToUtf8Bytes(Make(endpoints)));

    public Task GetAsync(HttpContext context) => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, _document.Value);

    /// <summary>All that is written about endpoints, whether they are mapped or not.</summary>
    public static JsonObject Written()
    {
        using var words = new StreamReader(typeof(ApiDescription).Assembly.GetManifestResourceStream(Words)!);
        return JsonObject.Create(YamlToJson.Convert(YamlDocument.Parse(words.ReadToEnd())!))!;
    }

    /// <summary>A route as OpenAPI writes it, where nothing tells what may have slashes in it.</summary>
    public static string PathOf(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.Replace("{**", "{", StringComparison.Ordinal);

    private static JsonObject Make(EndpointDataSource endpoints)
    {
        var document = Written();
        document["info"]!["version"] = HelpText.Version;
        document["security"] = AnyOf("clientBearer", "clientHeader");
        var written = document["paths"]!.AsObject();
        var served = new JsonObject();
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            var path = PathOf(endpoint);
            if (written[path] is not JsonObject words)
                continue;
            var item = Item(served, path, words);
            foreach (var method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(static name => name.ToLowerInvariant()))
            {
                if (words[method]?.DeepClone() is JsonObject operation)
                    item[method] = Guarded(operation, endpoint.Metadata.GetMetadata<RequiredRole>());
            }
        }

        document["paths"] = served;
        return document;
    }

    /// <summary>The path's entry, with what is said of all its methods.</summary>
    private static JsonObject Item(JsonObject served, string path, JsonObject words)
    {
        if (served[path] is JsonObject known)
            return known;
        var item = new JsonObject();
        if (words["parameters"] is { } parameters)
            item["parameters"] = parameters.DeepClone();
        served[path] = item;
        return item;
    }

    /// <summary>Adds whom it answers, and how it refuses the others.</summary>
    private static JsonObject Guarded(JsonObject operation, RequiredRole? role)
    {
        if (role is not null)
            operation["security"] = AnyOf("operatorBearer", "operatorHeader");
        else if (operation.ContainsKey("security"))
            return operation;
        operation[RoleField] = (role?.Role ?? KeyRole.User).ToString().ToLowerInvariant();
        operation["responses"]!["default"] = new JsonObject
        {
            ["$ref"] = $"#/components/responses/{(role is null ? "ApiError" : "ControlPlaneError")}",
        };
        return operation;
    }

    private static JsonArray AnyOf(params string[] schemes) => [.. schemes.Select(static scheme => new JsonObject { [scheme] = new JsonArray() })];
}
