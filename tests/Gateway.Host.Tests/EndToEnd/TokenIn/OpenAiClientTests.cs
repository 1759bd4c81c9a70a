using System.ClientModel;
using System.Text;
using System.Text.Json;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;
using OpenAI;
using OpenAI.Chat;
using Xunit.Abstractions;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>The official OpenAI clients, unchanged, against the whole gateway over simulated SGLang and vLLM engines that speak gRPC.</summary>
public sealed class OpenAiClientTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly string _model = Directory.CreateTempSubdirectory("byte-model-").FullName;

    /// <summary>Reasoning, content and two calls, in pieces that cut characters' tokens and markers.</summary>
    private static readonly AnswerScript Script = AnswerScript.OfTexts(
        "<think>\nLet me ", "think 👋\n</th", "ink>\n\nI look ", "it up.\n<tool", "_call>\n{\"name\": \"get_weather\", \"argu",
        "ments\": {\"city\": \"Pa", "ris\"}}\n</tool_call>\n<tool_call>\n{\"name\": \"get_weather\", ", "\"arguments\": {\"city\": \"Oslo\"}}\n</tool_call>");

    public Task InitializeAsync() => ByteModel.WriteAsync(_model);

    public Task DisposeAsync()
    {
        Directory.Delete(_model, recursive: true);
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(SimulatedRuntime.SgLang)]
    [InlineData(SimulatedRuntime.Vllm)]
    public async Task The_official_dotnet_client_streams_a_chat_with_tools_and_reasoning(SimulatedRuntime runtime)
    {
        await using var gateway = await StartAsync(runtime);
        var client = new ChatClient(
            new SimulatorOptions().Model, new ApiKeyCredential("any"), new OpenAIClientOptions { Endpoint = new Uri(gateway.Client.BaseAddress!, "/v1") });
        var options = new ChatCompletionOptions
        {
            Tools =
            {
                ChatTool.CreateFunctionTool(
                    "get_weather", "Tells the weather", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}""")),
            },
        };

        var content = new StringBuilder();
        var reasoning = new StringBuilder();
        var calls = new SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)>();
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;
        await foreach (var update in client.CompleteChatStreamingAsync([new SystemChatMessage("Be brief."), new UserChatMessage("Weather in Paris and Oslo?")], options))
        {
            content.Append(string.Concat(update.ContentUpdate.Select(static part => part.Text)));
            reasoning.Append(ReasoningOf(update));
            foreach (var call in update.ToolCallUpdates)
            {
                if (!calls.ContainsKey(call.Index))
                    calls[call.Index] = (call.ToolCallId, call.FunctionName, new StringBuilder());
                calls[call.Index].Arguments.Append(Encoding.UTF8.GetString(call.FunctionArgumentsUpdate));
            }

            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
        }

        Assert.Equal("Let me think 👋", reasoning.ToString().Trim());
        Assert.Equal("I look it up.", content.ToString().Trim());
        Assert.Equal(ChatFinishReason.ToolCalls, finish);
        Assert.Equal(
            [("get_weather", "Paris"), ("get_weather", "Oslo")],
            calls.Values.Select(static call => (call.Name, JsonDocument.Parse(call.Arguments.ToString()).RootElement.GetProperty("city").GetString()!)));
        Assert.Equal(2, calls.Values.Select(static call => call.Id).Distinct().Count());
        Assert.True(usage!.OutputTokenCount > 0);

        ChatCompletion whole = await client.CompleteChatAsync([new UserChatMessage("Weather in Paris and Oslo?")], options);
        Assert.Equal("I look it up.", whole.Content[0].Text.Trim());
        Assert.Equal(["get_weather", "get_weather"], whole.ToolCalls.Select(static call => call.FunctionName));
        await NothingIsCountedAsync(gateway);
    }

    [Theory]
    [InlineData(SimulatedRuntime.SgLang)]
    [InlineData(SimulatedRuntime.Vllm)]
    public async Task The_official_node_client_streams_a_chat_with_tools_and_reasoning(SimulatedRuntime runtime)
    {
        await using var gateway = await StartAsync(runtime);

        await OpenAiNode.TestAsync(
            "tokens.test.mjs",
            output,
            ("GATEWAY_BASE_URL", new Uri(gateway.Client.BaseAddress!, "/v1").ToString()),
            ("MODEL", new SimulatorOptions().Model));

        await NothingIsCountedAsync(gateway);
    }

    private Task<LiveGateway> StartAsync(SimulatedRuntime runtime) => LiveGateway.StartAsync(
        engines: 2,
        new SimulatorOptions
        {
            Protocol = SimulatorProtocol.Grpc,
            Runtime = runtime,
            Timings = EngineTimings.Fast,
            Script = Script,
            Tokenizer = static text => [.. Encoding.UTF8.GetBytes(text).Select(static value => (int)value)],
        },
        options => options with { Text = new TextOptions { TokenizerPath = _model, ReasoningParser = "qwen3", ToolCallParser = "qwen" } });

    /// <summary>The client has no name for it, and gives access to what it does not know.</summary>
    private static string? ReasoningOf(StreamingChatCompletionUpdate update)
    {
        using var json = JsonDocument.Parse(System.ClientModel.Primitives.ModelReaderWriter.Write(update));
        return json.RootElement.GetProperty("choices").EnumerateArray()
            .Select(static choice => choice.GetProperty("delta").TryGetProperty("reasoning_content", out var text) ? text.GetString() : null)
            .FirstOrDefault();
    }

    private static Task NothingIsCountedAsync(LiveGateway gateway) => Eventually.HoldsAsync(
        () => gateway.View.Current.Workers.Values.All(static entry => entry.Worker.Load == 0), "no request is counted any more");
}
