using System.Text.Json.Nodes;

namespace Gateway.Simulator.Tests.Http;

public sealed class ToolTests : IAsyncLifetime
{
    private SimulatedWorker _worker = null!;
    private WorkerClient _client = null!;

    public async Task InitializeAsync()
    {
        _worker = await SimulatedWorker.StartAsync(new SimulatorOptions { Timings = EngineTimings.Instant });
        _client = new WorkerClient(_worker);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _worker.DisposeAsync();
    }

    [Theory]
    [InlineData("Hello", "\"required\"")]
    [InlineData("Hello", """{"type":"function","function":{"name":"get_weather"}}""")]
    [InlineData("Please use get_weather for Paris", "\"auto\"")]
    [InlineData("Please use get_weather for Paris", null)]
    public async Task A_tool_is_called_when_it_is_demanded_or_named(string text, string? choice)
    {
        var answer = await _client.PostJsonAsync("/v1/chat/completions", Request(text, choice));

        Assert.Equal("tool_calls", (string?)answer["choices"]![0]!["finish_reason"]);
        var message = answer["choices"]![0]!["message"]!;
        Assert.Null(message["content"]);
        var call = Assert.Single(message["tool_calls"]!.AsArray())!;
        Assert.Equal(("function", "get_weather"), ((string?)call["type"], (string?)call["function"]!["name"]));
        var arguments = JsonNode.Parse((string)call["function"]!["arguments"]!)!;
        Assert.Equal(("simulated", "celsius", 1), ((string?)arguments["city"], (string?)arguments["unit"], (int)arguments["days"]!));
    }

    [Theory]
    [InlineData("Hello", null)]
    [InlineData("Please use get_weather", "\"none\"")]
    public async Task Otherwise_the_answer_is_text(string text, string? choice)
    {
        var answer = await _client.PostJsonAsync("/v1/chat/completions", Request(text, choice));

        Assert.StartsWith("[simulated engine", (string?)answer["choices"]![0]!["message"]!["content"]);
    }

    [Fact]
    public async Task After_the_result_of_a_tool_the_model_speaks()
    {
        var request = Request("Please use get_weather", null);
        request["messages"]!.AsArray().Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = "1", ["content"] = "get_weather: sunny" });

        var answer = await _client.PostJsonAsync("/v1/chat/completions", request);

        Assert.Equal("stop", (string?)answer["choices"]![0]!["finish_reason"]);
    }

    [Fact]
    public async Task A_streamed_call_names_itself_once_and_its_arguments_add_up()
    {
        var request = Request("Hello", "\"required\"");
        request["stream"] = true;

        var events = await _client.StreamAsync("/v1/chat/completions", request);

        var choices = events[..^1].ConvertAll(static data => JsonNode.Parse(data)!["choices"]![0]!);
        Assert.Equal("tool_calls", (string?)choices[^1]["finish_reason"]);
        var deltas = choices.Select(static choice => choice["delta"]!["tool_calls"]?[0]).Where(static call => call is not null).ToList();
        Assert.Equal("get_weather", (string?)deltas[0]!["function"]!["name"]);
        Assert.All(deltas[1..], static delta => Assert.Null(delta!["id"]));
        var arguments = string.Concat(deltas.Select(static delta => (string?)delta!["function"]!["arguments"]));
        Assert.Equal("celsius", (string?)JsonNode.Parse(arguments)!["unit"]);
    }

    [Fact]
    public async Task A_JSON_schema_is_answered_with_JSON_of_that_schema()
    {
        var request = WorkerClient.Chat("Hello");
        request["response_format"] = JsonNode.Parse(
            """{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object","properties":{"ok":{"type":"boolean"}}}}}""");

        var answer = await _client.PostJsonAsync("/v1/chat/completions", request);

        Assert.True((bool)JsonNode.Parse((string)answer["choices"]![0]!["message"]!["content"]!)!["ok"]!);
    }

    private static JsonObject Request(string text, string? choice)
    {
        var request = WorkerClient.Chat(text);
        request["tools"] = JsonNode.Parse(
            """
            [{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{
                "city":{"type":"string"},"unit":{"enum":["celsius","fahrenheit"]},"days":{"type":"integer"}}}}}]
            """);
        if (choice is not null)
            request["tool_choice"] = JsonNode.Parse(choice);
        return request;
    }
}
