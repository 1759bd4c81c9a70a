using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Api.Admin;
using Gateway.Host.Api.Description;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Configuration;
using Gateway.Host.Tests.EndToEnd;
using Json.Schema;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Gateway.Host.Tests.Api;

/// <summary><c>GET /openapi.json</c> says what there is, and what there is is as it says.</summary>
public sealed class ApiDescriptionTests
{
    [Fact]
    public async Task It_describes_every_endpoint_with_its_methods_and_none_that_there_is_not()
    {
        await using var gateway = await LiveGateway.StartAsync(0);
        var mapped = Endpoints(gateway)
            .SelectMany(static endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                .Select(method => $"{method} {ApiDescription.PathOf(endpoint)}"));

        var described = Operations(await DescriptionAsync(gateway)).Select(static operation => $"{operation.Method} {operation.Path}");
        var written = Operations(ApiDescription.Written()).Select(static operation => $"{operation.Method} {operation.Path}");

        Assert.Equal(mapped.Order(), described.Order());
        Assert.Equal(mapped.Order(), written.Order());
    }

    [Fact]
    public async Task It_says_of_each_endpoint_which_role_it_answers_and_by_which_key()
    {
        await using var gateway = await LiveGateway.StartAsync(0);
        var roles = Endpoints(gateway)
            .SelectMany(static endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                .Select(method => (Name: $"{method} {ApiDescription.PathOf(endpoint)}", endpoint.Metadata.GetMetadata<RequiredRole>()?.Role)))
            .ToDictionary(static endpoint => endpoint.Name, static endpoint => endpoint.Role);

        foreach (var (path, method, operation) in Operations(await DescriptionAsync(gateway)))
        {
            var stated = operation[ApiDescription.RoleField]?.GetValue<string>();
            var schemes = operation["security"]?.AsArray().Select(static scheme => scheme!.AsObject().Single().Key).ToArray();
            if (roles[$"{method} {path}"] is { } role)
            {
                Assert.Equal(role.ToString(), stated, ignoreCase: true);
                Assert.Equal(["operatorBearer", "operatorHeader"], schemes!);
            }
            else
            {
                Assert.True(schemes is null ? stated == "user" : schemes.Length == 0 && stated is null, $"{method} {path}");
            }
        }
    }

    /// <summary>What is open is asked without a key, all else is refused without one.</summary>
    [Fact]
    public async Task What_it_calls_open_is_open_and_nothing_else_is()
    {
        await using var gateway = await LiveGateway.StartAsync(0, static options => options with
        {
            Security = new SecurityOptions { ApiKey = new Secret("clients"), ControlPlaneApiKey = new Secret("operators") },
        });
        foreach (var (path, method, operation) in Operations(await DescriptionAsync(gateway)))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));
            if (method is "POST" or "PUT" or "PATCH")
                request.Content = JsonContent.Create(new { model = "m" });
            using var answer = await gateway.Client.SendAsync(request);

            var isOpen = operation["security"] is JsonArray { Count: 0 };
            Assert.True(isOpen == ((int)answer.StatusCode != 401), $"{method} {path}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Without_a_control_plane_it_has_none()
    {
        await using var gateway = await LiveGateway.StartAsync(0, static options => options with { Security = new SecurityOptions { DisableControlPlane = true } });

        var paths = Operations(await DescriptionAsync(gateway)).Select(static operation => operation.Path).ToArray();

        Assert.DoesNotContain("/workers", paths);
        Assert.Contains("/v1/chat/completions", paths);
    }

    [Fact]
    public async Task It_is_OpenAPI_3_1()
    {
        await using var gateway = await LiveGateway.StartAsync(0);

        var read = OpenApiDocument.Parse(await gateway.Client.GetStringAsync(new Uri(ApiDescription.Path, UriKind.Relative)), "json");

        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Empty(read.Document!.Validate(ValidationRuleSet.GetDefaultRuleSet()));
        Assert.Equal(HelpText.Version, read.Document!.Info.Version);
        var names = read.Document.Paths.SelectMany(static path => path.Value.Operations!.Values).Select(static operation => operation.OperationId).ToArray();
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void Every_shape_it_refers_to_is_there_and_every_shape_is_used()
    {
        var text = ApiDescription.Written().ToJsonString();
        var document = JsonNode.Parse(text)!;
        var there = document["components"]!.AsObject()
            .Where(static kind => kind.Key != "securitySchemes")
            .SelectMany(static kind => kind.Value!.AsObject().Select(shape => $"#/components/{kind.Key}/{shape.Key}"));

        var used = text.Split("\"$ref\":\"").Skip(1).Select(static rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)]).Distinct();

        // The errors of whole kinds of endpoints are referred to by the code.
        Assert.Equal(there.Order(), used.Append("#/components/responses/ControlPlaneError").Distinct().Order());
    }

    [Fact]
    public void It_names_the_policies_and_the_codes_that_there_are()
    {
        var schemas = ApiDescription.Written()["components"]!["schemas"]!;
        var codes = typeof(ControlPlaneCode).GetFields().Select(static field => (string)field.GetRawConstantValue()!);

        Assert.Equal(PolicyCatalog.Names.Order(), Words(schemas["PolicyName"]!["enum"]!));
        Assert.Equal(codes.Order(), Words(schemas["ControlPlaneError"]!["properties"]!["code"]!["enum"]!));

        static IEnumerable<string> Words(JsonNode list) => list.AsArray().Select(static word => word!.GetValue<string>()).Order();
    }

    /// <summary>One after the other on one gateway: what comes late sees what came before.</summary>
    private static readonly (string Method, string Path, string? Body, string Schema)[] Asked =
    [
        ("GET", "/v1/models", null, "ModelList"),
        ("GET", "/v1/models/sim-8b", null, "Model"),
        ("GET", "/v1/models/none", null, "ApiError"),
        ("POST", "/v1/chat/completions", """{"model":"none"}""", "ApiError"),
        ("POST", "/v1/chat/completions", "[]", "ApiError"),
        ("GET", "/nowhere", null, "ApiError"),
        ("POST", "/v1/models", "{}", "ApiError"),
        ("POST", "/parse/reasoning", """{"reasoning_parser":"qwen3","text":"<think>Hm.</think>Yes."}""", "Reasoning"),
        ("POST", "/parse/function_call", """{"tool_call_parser":"llama","text":"Hello","tools":[{"type":"function","function":{"name":"f"}}]}""", "FunctionCalls"),
        ("GET", "/readiness", null, "Ready"),
        ("GET", "/workers", null, "WorkerList"),
        ("GET", "/workers?model=none", null, "WorkerList"),
        ("GET", "/workers/{id}", null, "Worker"),
        ("GET", "/workers/none", null, "ControlPlaneError"),
        ("POST", "/workers", """{"url":"http://127.0.0.1:9"}""", "Registered"),
        ("POST", "/workers", """{"url":"http://127.0.0.1:19","lease_secs":30}""", "Registered"),
        ("POST", "/workers", """{"url":"{url}"}""", "ControlPlaneError"),
        ("POST", "/workers", "{}", "ControlPlaneError"),
        ("PATCH", "/workers/{id}", """{"priority":70,"labels":{"zone":"a"},"health":{"failure_threshold":2}}""", "Accepted"),
        ("POST", "/workers/{id}/refresh", null, "Accepted"),
        ("PUT", "/workers/{id}/lease", "{}", "ControlPlaneError"),
        ("GET", "/policies", null, "PolicyList"),
        ("GET", "/policies/sim-8b", null, "ModelPolicies"),
        ("PUT", "/policies/sim-8b", """{"policy":"random"}""", "PolicySet"),
        ("PUT", "/policies", """{"policy":"random"}""", "PolicySet"),
        ("POST", "/v1/tokenizers", """{"name":"bytes","source":"{file}"}""", "Tokenizer"),
        ("GET", "/v1/tokenizers", null, "TokenizerList"),
        ("GET", "/v1/tokenizers/bytes", null, "Tokenizer"),
        ("POST", "/v1/tokenize", """{"model":"bytes","prompt":"Hi"}""", "Tokens"),
        ("POST", "/v1/tokenize", """{"model":"bytes","prompt":["Hi","abc"]}""", "Tokens"),
        ("GET", "/get_loads", null, "LoadList"),
        ("POST", "/flush_cache", null, "FanOut"),
        ("POST", "/start_profile", null, "FanOut"),
        ("GET", "/list_lora_adapters", null, "AdapterList"),
        ("GET", "/cluster", null, "Cluster"),
        ("GET", "/log-level", null, "LogLevel"),
        ("DELETE", "/workers/{id}", null, "Accepted"),
    ];

    [Fact]
    public async Task What_is_answered_has_the_shape_that_is_described()
    {
        using var tokenizer = new TemporaryFile(ByteTokenizer.Json(), ".json");
        await using var gateway = await LiveGateway.StartAsync(2);
        var description = await DescriptionAsync(gateway);
        var worker = (await gateway.Client.GetFromJsonAsync<JsonElement>(new Uri("/workers", UriKind.Relative))).GetProperty("workers")[0];
        foreach (var (method, path, body, schema) in Asked)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), Fill(path));
            if (body is not null)
                request.Content = new StringContent(Fill(body));
            using var response = await gateway.Client.SendAsync(request);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync());

            var verdict = SchemaOf(description, schema).Evaluate(answer, new EvaluationOptions { OutputFormat = OutputFormat.List });
            var wrong = verdict.Details.Where(static detail => detail.HasErrors).Select(static detail => new { At = $"{detail.InstanceLocation}", detail.Errors });
            Assert.True(verdict.IsValid, $"{method} {path}: {answer}\n{JsonSerializer.Serialize(wrong)}");
        }

        string Fill(string text) => text
            .Replace("{id}", worker.GetProperty("id").GetString(), StringComparison.Ordinal)
            .Replace("{url}", worker.GetProperty("url").GetString(), StringComparison.Ordinal)
            .Replace("{file}", tokenizer.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_is_not_ready_says_so_in_the_shape_that_is_described()
    {
        await using var gateway = await LiveGateway.StartAsync(0);

        using var response = await gateway.Client.GetAsync(new Uri("/readiness", UriKind.Relative));
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(503, (int)response.StatusCode);
        Assert.True(SchemaOf(await DescriptionAsync(gateway), "NotReady").Evaluate(answer).IsValid);
    }

    private static IEnumerable<RouteEndpoint> Endpoints(LiveGateway gateway) =>
        gateway.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static async Task<JsonObject> DescriptionAsync(LiveGateway gateway) =>
        (await gateway.Client.GetFromJsonAsync<JsonObject>(new Uri(ApiDescription.Path, UriKind.Relative)))!;

    private static IEnumerable<(string Path, string Method, JsonObject Operation)> Operations(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Key != "parameters"
        select (path.Key, operation.Key.ToUpperInvariant(), operation.Value!.AsObject());

    /// <summary>One of the described shapes, with the others that it refers to.</summary>
    private static JsonSchema SchemaOf(JsonObject document, string name)
    {
        var schema = new JsonObject { ["$ref"] = $"#/$defs/{name}", ["$defs"] = document["components"]!["schemas"]!.DeepClone() };
        return JsonSchema.FromText(schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
    }
}
