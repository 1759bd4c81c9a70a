using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Wire.SgLang;
using Grpc.Core;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>Chat with engines that take and give tokens: prompts by the model's template, answers taken apart.</summary>
public sealed class ChatTests
{
    private const string Hi = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    private const string Weather =
        """
        "tools":[{"type":"function","function":{"name":"get_weather","description":"d","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]
        """;

    private static readonly TextOptions Qwen = new() { ReasoningParser = "qwen3", ToolCallParser = "qwen" };

    [Fact]
    public async Task The_engine_gets_the_prompt_that_the_template_makes_of_the_conversation()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        Answer(gateway, "Hello");

        using var response = await gateway.ChatAsync(
            """
            "messages":[{"role":"developer","content":"Be kind."},{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"text","text":"you"}]},
            {"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c1","content":"7"}],
            "max_completion_tokens":9
            """);

        var message = (await JsonAsync(response)).GetProperty("choices")[0].GetProperty("message");
        Assert.Equal(("assistant", "Hello"), (message.GetProperty("role").GetString(), message.GetProperty("content").GetString()));
        Assert.Equal(
            "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi\nyou<|im_end|>\n<|im_start|>assistant\n<tool_call>f({\"a\": 1})</tool_call><|im_end|>\n"
            + "<|im_start|>tool\n7<|im_end|>\n<|im_start|>assistant\n",
            Prompt(gateway));
        Assert.Equal(9u, gateway.Engines[0].Requests.Single().SamplingParams.MaxNewTokens);
    }

    [Fact]
    public async Task Special_tokens_of_the_template_are_tokens_and_not_text()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        Answer(gateway, "Hello");

        using var response = await gateway.ChatAsync(Hi);

        var ids = gateway.Engines[0].Requests.Single().Tokenized.InputIds;
        Assert.Equal([ByteModel.ImStart, ByteModel.ImEnd, ByteModel.ImStart], ids.Where(static id => id > 255));
        Assert.Equal((uint)'u', ids[1]);
    }

    [Fact]
    public async Task A_whole_answer_is_taken_apart_into_reasoning_content_and_calls()
    {
        await using var gateway = await TokenInGateway.StartAsync(text: Qwen);
        Answer(gateway, "<think>\nWhere? Paris.\n</think>\n\nI look. <tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>");

        using var response = await gateway.ChatAsync($"{Hi},{Weather}");

        var choice = (await JsonAsync(response)).GetProperty("choices")[0];
        var message = choice.GetProperty("message");
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        Assert.Equal("Where? Paris.", message.GetProperty("reasoning_content").GetString()!.Trim());
        Assert.Equal("I look.", message.GetProperty("content").GetString()!.Trim());
        var call = message.GetProperty("tool_calls").EnumerateArray().Single();
        Assert.Equal("function", call.GetProperty("type").GetString());
        Assert.NotEmpty(call.GetProperty("id").GetString()!);
        Assert.Equal("get_weather", call.GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("Paris", Parse(call.GetProperty("function").GetProperty("arguments").GetString()!).GetProperty("city").GetString());
        Assert.StartsWith("<|im_start|>tools\n{\"type\": \"function\"", Prompt(gateway), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_brings_the_same_in_deltas_however_its_tokens_come()
    {
        const string Text = "<think>Where? Grüße 👋</think>I look.<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>";
        for (var size = 1; size <= 40; size += 13)
        {
            await using var gateway = await TokenInGateway.StartAsync(text: Qwen);
            gateway.Engines[0].OnGenerate = async (_, answer, _) =>
            {
                var sent = 0;
                foreach (var piece in ByteModel.Tokens(Text).Chunk(size))
                    await answer.WriteAsync(Actors.Tests.Support.Fakes.FakeSgLang.Chunk(0, (uint)(sent += piece.Length), piece));
                await answer.WriteAsync(TokenInGateway.End("", sent));
            };

            using var response = await gateway.ChatAsync($"{Hi},{Weather},\"stream\":true,\"stream_options\":{{\"include_usage\":true}}");
            var answer = new StreamedAnswer(await response.Content.ReadAsStringAsync());

            Assert.Equal("assistant", answer.Role);
            Assert.Equal("Where? Grüße 👋", answer.Reasoning);
            Assert.Equal("I look.", answer.Content);
            var call = Assert.Single(answer.Calls);
            Assert.Equal(("get_weather", "Paris"), (call.Name, Parse(call.Arguments).GetProperty("city").GetString()));
            Assert.Equal("tool_calls", answer.FinishReason);
            Assert.True(answer.IsDone);
            Assert.NotNull(answer.Usage);
        }
    }

    [Fact]
    public async Task Special_tokens_that_mark_reasoning_are_seen_and_not_shown()
    {
        await using var gateway = await TokenInGateway.StartAsync(text: Qwen);
        uint[] tokens = [ByteModel.Think, .. ByteModel.Tokens("Hm"), ByteModel.EndThink, .. ByteModel.Tokens("Yes"), ByteModel.ImEnd];
        gateway.Engines[0].OnGenerate = (_, answer, _) => answer.WriteAsync(Actors.Tests.Support.Fakes.FakeSgLang.Complete(0, 8, tokens));

        using var response = await gateway.ChatAsync(Hi);

        var json = await JsonAsync(response);
        var message = json.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal(("Hm", "Yes"), (message.GetProperty("reasoning_content").GetString(), message.GetProperty("content").GetString()));
        Assert.Equal(3, json.GetProperty("usage").GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32());
    }

    [Theory]
    [InlineData("\"chat_template_kwargs\":{\"enable_thinking\":false}", "<|im_start|>assistant\n<think>\n\n</think>\n\n")]
    [InlineData("\"reasoning_effort\":\"low\"", "<|im_start|>assistant\n(low)")]
    [InlineData("\"reasoning_effort\":\"low\",\"chat_template_kwargs\":{\"reasoning_effort\":\"lowest\"}", "<|im_start|>assistant\n(lowest)")]
    [InlineData("\"add_generation_prompt\":false", "<|im_start|>user\nHi<|im_end|>\n")]
    public async Task What_the_template_can_be_told_comes_from_the_request(string members, string end)
    {
        await using var gateway = await TokenInGateway.StartAsync();
        Answer(gateway, "Hello");

        using var response = await gateway.ChatAsync($"{Hi},{members}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.EndsWith(end, Prompt(gateway), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thinking_that_the_prompt_has_closed_is_not_looked_for()
    {
        await using var gateway = await TokenInGateway.StartAsync(text: new TextOptions { ReasoningParser = "deepseek_r1" });
        Answer(gateway, "Yes");

        using var closed = await gateway.ChatAsync($"{Hi},\"chat_template_kwargs\":{{\"enable_thinking\":false}}");
        using var open = await gateway.ChatAsync(Hi);

        Assert.Equal("Yes", (await JsonAsync(closed)).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("Yes", (await JsonAsync(open)).GetProperty("choices")[0].GetProperty("message").GetProperty("reasoning_content").GetString());
        Assert.Equal([false, true], gateway.Engines[0].Requests.Select(static request => request.RequireReasoning));
    }

    [Fact]
    public async Task A_final_message_is_continued_where_it_ends()
    {
        await using var gateway = await TokenInGateway.StartAsync(text: Qwen);
        Answer(gateway, "yes");

        using var response = await gateway.ChatAsync(
            "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"I say \"}],\"continue_final_message\":true");

        Assert.Equal("yes", (await JsonAsync(response)).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.EndsWith("<|im_start|>assistant\nI say ", Prompt(gateway), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"tool_choice\":\"required\"")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"}}")]
    public async Task A_call_that_is_demanded_is_a_constraint_for_the_engine_and_comes_as_a_call(string choice)
    {
        await using var gateway = await TokenInGateway.StartAsync(text: Qwen);
        gateway.Engines[0].OnGenerate = static (request, answer, _) => answer.WriteAsync(TokenInGateway.End(
            request.SamplingParams.JsonSchema.Contains("get_weather", StringComparison.Ordinal) && request.SamplingParams.JsonSchema.Contains("\"array\"", StringComparison.Ordinal)
                ? """[{"name":"get_weather","parameters":{"city":"Rome"}}]"""
                : """{"city":"Rome"}""",
            9));

        using var response = await gateway.ChatAsync($"{Hi},{Weather},{choice}");

        var call = (await JsonAsync(response)).GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        Assert.Equal("get_weather", call.GetProperty("name").GetString());
        Assert.Equal("Rome", Parse(call.GetProperty("arguments").GetString()!).GetProperty("city").GetString());
    }

    [Fact]
    public async Task With_tool_choice_none_the_model_is_not_told_of_tools_and_calls_are_text()
    {
        const string Call = "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {}}\n</tool_call>";
        await using var gateway = await TokenInGateway.StartAsync(text: Qwen);
        Answer(gateway, Call);

        using var response = await gateway.ChatAsync($"{Hi},{Weather},\"tool_choice\":\"none\"");

        var message = (await JsonAsync(response)).GetProperty("choices")[0].GetProperty("message");
        Assert.Equal(Call, message.GetProperty("content").GetString());
        Assert.DoesNotContain("tools", Prompt(gateway), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choices_have_numbers_and_log_probabilities_of_their_own()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = static async (request, answer, _) =>
        {
            for (var index = 0u; index < request.SamplingParams.N; index++)
            {
                var end = TokenInGateway.End($"{index}", 1, index);
                end.Complete.OutputLogprobs = new OutputLogProbs
                {
                    TokenIds = { '0' + index },
                    TokenLogprobs = { -0.5f },
                    TopLogprobs = { new TopLogProbs { TokenIds = { '0' + index, 'x' }, Values = { -0.5f, -2f } } },
                };
                await answer.WriteAsync(end);
            }
        };

        using var response = await gateway.ChatAsync($"{Hi},\"n\":2,\"logprobs\":true,\"top_logprobs\":2");

        var choices = (await JsonAsync(response)).GetProperty("choices").EnumerateArray().ToArray();
        Assert.Equal(["0", "1"], choices.Select(static choice => choice.GetProperty("message").GetProperty("content").GetString()!));
        var token = choices[1].GetProperty("logprobs").GetProperty("content")[0];
        Assert.Equal(("1", -0.5, 49), (token.GetProperty("token").GetString(), token.GetProperty("logprob").GetDouble(), token.GetProperty("bytes")[0].GetInt32()));
        Assert.Equal(["1", "x"], token.GetProperty("top_logprobs").EnumerateArray().Select(static top => top.GetProperty("token").GetString()!));
    }

    [Fact]
    public async Task A_stop_text_ends_content_and_generation()
    {
        await using var gateway = await TokenInGateway.StartAsync(text: Qwen);
        gateway.Engines[0].OnGenerate = static async (_, answer, call) =>
        {
            await answer.WriteAsync(TokenInGateway.Chunk("one ST", 6));
            await answer.WriteAsync(TokenInGateway.Chunk("OP two", 12));
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        };

        using var response = await gateway.ChatAsync($"{Hi},\"stop\":[\"STOP\"],\"stream\":true");
        var answer = new StreamedAnswer(await response.Content.ReadAsStringAsync());

        Assert.Equal(("one ", "stop", true), (answer.Content, answer.FinishReason, answer.IsDone));
        await Eventually.HoldsAsync(() => !gateway.Engines[0].Aborted.IsEmpty, "the engine was told to abort");
    }

    [Fact]
    public async Task A_client_that_leaves_aborts_its_generation()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = static async (_, answer, call) =>
        {
            await answer.WriteAsync(TokenInGateway.Chunk("Hi", 2));
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        };
        using var gone = new CancellationTokenSource();
        var response = await gateway.ChatAsync($"{Hi},\"stream\":true", gone.Token);

        await gone.CancelAsync();
        response.Dispose();

        await Eventually.HoldsAsync(() => !gateway.Engines[0].Aborted.IsEmpty, "the engine was told to abort");
        Assert.Equal(gateway.Engines[0].Requests.Single().RequestId, gateway.Engines[0].Aborted.Single());
    }

    [Fact]
    public async Task A_stream_that_breaks_ends_with_an_error_event()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = static async (_, answer, _) =>
        {
            await answer.WriteAsync(TokenInGateway.Chunk("Hi", 2));
            throw new RpcException(new Status(StatusCode.Unavailable, "gone"));
        };

        using var response = await gateway.ChatAsync($"{Hi},\"stream\":true");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Contains("\"code\":\"stream_interrupted\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"\\ud83d\"}],\"stop\":\"\\udc4b\",\"user\":\"\\ud83d\\ud83d\\udc4b\"", "\uFFFD")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"\\\\ud83d\\ud83d\\udc4b\\uDC4B\"}]", "\\ud83d👋\uFFFD")]
    public async Task Half_a_character_that_a_client_has_cut_off_becomes_the_replacement_character(string members, string content)
    {
        await using var gateway = await TokenInGateway.StartAsync();
        Answer(gateway, "Hello");

        using var response = await gateway.ChatAsync(members);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"<|im_start|>user\n{content}<|im_end|>\n<|im_start|>assistant\n", Prompt(gateway));
    }

    [Fact]
    public async Task Images_go_to_the_engine_in_their_order_and_their_places_are_in_the_prompt()
    {
        const string Picture = "data:image/png;base64,iVBORw0KGgo=";
        using var template = new TemporaryFile(
            "{% for m in messages %}{% for part in m.content %}{{ '<image>' if part.type == 'image' else part.text }}{% endfor %}{% endfor %}", ".jinja");
        await using var gateway = await TokenInGateway.StartAsync(text: new TextOptions { ChatTemplate = template.Path });
        Answer(gateway, "A cat");

        using var response = await gateway.ChatAsync(
            $$$"""
            "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a/b.png","detail":"low"}},{"type":"text","text":"or"},{"type":"image_url","image_url":{"url":"{{{Picture}}}"}}]}]
            """);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("<image>or<image>", Prompt(gateway));
        Assert.Equal(["https://a/b.png", Picture], gateway.Engines[0].Requests.Single().MmInputs.ImageUrls);
    }

    [Fact]
    public async Task A_model_that_speaks_Harmony_is_known_by_its_architecture()
    {
        await using var gateway = await TokenInGateway.StartAsync(prepare: static engine =>
        {
            engine.Model.Architectures.Clear();
            engine.Model.Architectures.Add("GptOssForCausalLM");
        });
        Answer(
            gateway,
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>I look.<|end|>"
            + "<|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{\"city\":\"Paris\"}<|call|>");

        using var response = await gateway.ChatAsync($"{Hi},{Weather}");

        var choice = (await JsonAsync(response)).GetProperty("choices")[0];
        var message = choice.GetProperty("message");
        Assert.Equal(("Hm.", "I look."), (message.GetProperty("reasoning_content").GetString(), message.GetProperty("content").GetString()));
        Assert.Equal("get_weather", message.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
    }

    [Theory]
    [InlineData("\"x\":1", "missing_required_parameter", "messages")]
    [InlineData("\"messages\":\"Hi\"", "invalid_type", "messages")]
    [InlineData("\"messages\":[]", "empty_array", "messages")]
    [InlineData("\"messages\":[\"Hi\"]", "invalid_type", "messages[0]")]
    [InlineData("\"messages\":[{\"content\":\"Hi\"}]", "missing_required_parameter", "messages[0].role")]
    [InlineData("\"messages\":[{\"role\":\"robot\",\"content\":\"Hi\"}]", "invalid_value", "messages[0].role")]
    [InlineData("\"messages\":[{\"role\":\"user\"}]", "missing_required_parameter", "messages[0].content")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":5}]", "invalid_type", "messages[0].content")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"video_url\"}]}]", "invalid_value", "messages[0].content[0].type")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"file:///etc/passwd\"}}]}]", "invalid_value", "messages[0].content[0].image_url.url")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://a/b.png\"}}]}]", "invalid_value", "messages")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"refuse\"}]", "invalid_value", "messages")]
    [InlineData(Hi + ",\"top_logprobs\":2", "invalid_value", "top_logprobs")]
    [InlineData(Hi + ",\"logprobs\":true,\"top_logprobs\":21", "integer_above_max_value", "top_logprobs")]
    [InlineData(Hi + ",\"tools\":[{\"type\":\"function\"}]", "missing_required_parameter", "tools[0].function")]
    [InlineData(Hi + ",\"tools\":[{\"type\":\"web\"}]", "invalid_value", "tools[0].type")]
    [InlineData(Hi + ",\"tools\":[{\"type\":\"function\",\"function\":{\"parameters\":{}}}]", "missing_required_parameter", "tools[0].function.name")]
    [InlineData(Hi + ",\"tool_choice\":\"required\"", "invalid_value", "tool_choice")]
    [InlineData(Hi + ",\"functions\":[]", "unsupported_parameter", "functions")]
    [InlineData(Hi + ",\"reasoning_effort\":\"wild\"", "invalid_value", "reasoning_effort")]
    [InlineData(Hi + ",\"continue_final_message\":true,\"add_generation_prompt\":true", "invalid_value", "continue_final_message")]
    [InlineData(Hi + ",\"chat_template_kwargs\":[]", "invalid_type", "chat_template_kwargs")]
    [InlineData(Hi + ",\"response_format\":{\"type\":\"poem\"}", "invalid_value", "response_format")]
    public async Task What_cannot_be_served_is_refused_as_OpenAI_does_and_reaches_no_engine(string members, string code, string parameter)
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await gateway.ChatAsync(members);

        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, text);
        var error = Parse(text).GetProperty("error");
        Assert.Equal((code, parameter), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Empty(gateway.Engines[0].Requests);
    }

    private static void Answer(TokenInGateway gateway, string text) =>
        gateway.Engines[0].OnGenerate = (_, answer, _) => answer.WriteAsync(TokenInGateway.End(text, Encoding.UTF8.GetByteCount(text)));

    private static string Prompt(TokenInGateway gateway) => ByteModel.Text(gateway.Engines[0].Requests.Single().Tokenized.InputIds);

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return Parse(text);
    }
}
