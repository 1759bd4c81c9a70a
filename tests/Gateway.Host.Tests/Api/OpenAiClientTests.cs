using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using OpenAI;
using OpenAI.Chat;

namespace Gateway.Host.Tests.Api;

/// <summary>The official OpenAI client for .NET, unchanged.</summary>
public class OpenAiClientTests
{
    private const string Completion = """
        {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Hello!"}}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}
        """;

    private const string ToolCall = """
        {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]}}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}
        """;

    [Fact]
    public async Task It_completes_a_chat()
    {
        await using var engine = await EngineStandIn.StartAsync(context => EngineStandIn.AnswerJsonAsync(context, Completion));
        await using var gateway = await TestGateway.StartAsync(null, engine);

        ChatCompletion completion = await ClientOf(gateway).CompleteChatAsync("Say hello");

        Assert.Equal("Hello!", completion.Content[0].Text);
        Assert.Equal(3, completion.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task It_streams_a_chat()
    {
        await using var engine = await EngineStandIn.StartAsync(context => EngineStandIn.StreamAsync(
            context, Chunk("Hel"), Chunk("lo"), Chunk("!"), "data: [DONE]\n\n"));
        await using var gateway = await TestGateway.StartAsync(null, engine);

        var text = "";
        await foreach (var update in ClientOf(gateway).CompleteChatStreamingAsync("Say hello"))
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));

        Assert.Equal("Hello!", text);
    }

    [Fact]
    public async Task Its_tools_reach_the_engine_and_their_calls_come_back()
    {
        await using var engine = await EngineStandIn.StartAsync(context => EngineStandIn.AnswerJsonAsync(context, ToolCall));
        await using var gateway = await TestGateway.StartAsync(null, engine);
        var tool = ChatTool.CreateFunctionTool(
            "weather", "Tells the weather", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}"""));

        ChatCompletion completion = await ClientOf(gateway).CompleteChatAsync(
            [new UserChatMessage("Weather in Oslo?")], new ChatCompletionOptions { Tools = { tool } });

        Assert.Equal("weather", completion.ToolCalls.Single().FunctionName);
        using var seen = JsonDocument.Parse(engine.Seen.Single().Body);
        Assert.Equal("weather", seen.RootElement.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("key", "no-such-model", 404)]
    [InlineData("wrong", TestGateway.Model, 401)]
    [InlineData("key", TestGateway.Model, 429)]
    public async Task Errors_become_its_exceptions_with_their_status(string key, string model, int status)
    {
        await using var engine = await EngineStandIn.StartAsync(context =>
            EngineStandIn.AnswerJsonAsync(context, """{"error":{"message":"slow down","type":"rate_limit_error","code":"x"}}""", 429));
        await using var gateway = await TestGateway.StartAsync(
            new GatewayOptions { Security = new SecurityOptions { ApiKey = new Secret("key") } }, engine);

        var exception = await Assert.ThrowsAsync<ClientResultException>(() => ClientOf(gateway, key, model).CompleteChatAsync("hi"));

        Assert.Equal(status, exception.Status);
    }

    [Fact]
    public async Task A_stream_that_breaks_is_an_error_not_an_end()
    {
        await using var engine = await EngineStandIn.StartAsync(context => EngineStandIn.StreamAsync(context, Chunk("Hel")));
        await using var gateway = await TestGateway.StartAsync(null, engine);

        var seen = new List<StreamingChatCompletionUpdate>();
        var exception = await Record.ExceptionAsync(async () =>
        {
            await foreach (var update in ClientOf(gateway).CompleteChatStreamingAsync("Say hello"))
                seen.Add(update);
        });

        // The .NET client does not know error events; what it must not see is a reason to finish.
        Assert.True(exception is not null || seen.TrueForAll(update => update.FinishReason is null));
    }

    private static ChatClient ClientOf(TestGateway gateway, string key = "key", string model = TestGateway.Model) => new(
        model,
        new ApiKeyCredential(key),
        new OpenAIClientOptions { Endpoint = new Uri(gateway.Address, "v1"), RetryPolicy = new ClientRetryPolicy(0) });

    private static string Chunk(string text) =>
        $$$"""data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"{{{text}}}"}}]}""" + "\n\n";
}
