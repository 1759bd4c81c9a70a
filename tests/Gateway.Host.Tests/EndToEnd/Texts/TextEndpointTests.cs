using System.Net;
using System.Text.Json;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.EndToEnd.Texts;

/// <summary>Questions about text that the gateway answers by itself.</summary>
public sealed class TextEndpointTests
{
    [Fact]
    public async Task A_text_becomes_the_models_tokens_and_tokens_become_text_again()
    {
        await using var gateway = await StartAsync();

        var one = await gateway.AskAsync("/v1/tokenize", """{"model":"m","prompt":"Hi"}""");
        var many = await gateway.AskAsync("/v1/tokenize", """{"model":"m","prompt":["Hi","","abc"]}""");
        var back = await gateway.AskAsync("/v1/detokenize", """{"model":"m","tokens":[72,105]}""");
        var allBack = await gateway.AskAsync("/v1/detokenize", """{"model":"m","tokens":[[72,105],[]]}""");

        Assert.Equal("""{"tokens":[72,105],"count":2}""", one.GetRawText());
        Assert.Equal("""{"tokens":[[72,105],[],[97,98,99]],"count":[2,0,3]}""", many.GetRawText());
        Assert.Equal("""{"text":"Hi"}""", back.GetRawText());
        Assert.Equal("""{"text":["Hi",""]}""", allBack.GetRawText());
    }

    [Fact]
    public async Task The_model_may_be_left_out_if_there_is_one_and_the_text_be_called_text()
    {
        await using var gateway = await StartAsync();

        Assert.Equal(2, (await gateway.AskAsync("/v1/tokenize", """{"text":"Hi"}""")).GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("/v1/tokenize", """{"model":"m"}""", 400, "missing_required_parameter")]
    [InlineData("/v1/tokenize", """{"model":"m","prompt":5}""", 400, "invalid_type")]
    [InlineData("/v1/tokenize", """{"model":"m","prompt":["a",5]}""", 400, "invalid_type")]
    [InlineData("/v1/tokenize", """{"model":"nope","prompt":"a"}""", 404, "model_not_found")]
    [InlineData("/v1/tokenize", "[]", 400, "invalid_json")]
    [InlineData("/v1/tokenize", "{", 400, "invalid_json")]
    [InlineData("/v1/detokenize", """{"model":"m"}""", 400, "missing_required_parameter")]
    [InlineData("/v1/detokenize", """{"model":"m","tokens":["a"]}""", 400, "invalid_type")]
    [InlineData("/v1/detokenize", """{"model":"m","tokens":[[1],5]}""", 400, "invalid_type")]
    [InlineData("/v1/detokenize", """{"model":"m","tokens":[-1]}""", 400, "invalid_type")]
    [InlineData("/parse/reasoning", """{"text":"a"}""", 400, "missing_required_parameter")]
    [InlineData("/parse/reasoning", """{"reasoning_parser":"qwen3"}""", 400, "missing_required_parameter")]
    [InlineData("/parse/reasoning", """{"text":"a","reasoning_parser":"fancy"}""", 400, "invalid_value")]
    [InlineData("/parse/function_call", """{"text":"a","tool_call_parser":"json"}""", 400, "missing_required_parameter")]
    [InlineData("/parse/function_call", """{"text":"a","tool_call_parser":"json","tools":[{}]}""", 400, "missing_required_parameter")]
    [InlineData("/parse/function_call", """{"text":"a","tool_call_parser":"json","tools":[5]}""", 400, "missing_required_parameter")]
    [InlineData("/parse/function_call", """{"text":"a","tool_call_parser":"fancy","tools":[{"name":"f"}]}""", 400, "invalid_value")]
    public async Task What_cannot_be_answered_is_an_error_of_the_API(string path, string json, int status, string code)
    {
        await using var gateway = await StartAsync();

        using var response = await gateway.PostAsync(path, json);

        await ApiAssert.ErrorAsync(response, status, code);
    }

    [Theory]
    [InlineData("/v1/tokenize")]
    [InlineData("/v1/detokenize")]
    [InlineData("/parse/function_call")]
    [InlineData("/parse/reasoning")]
    public async Task They_need_the_clients_key(string path)
    {
        await using var gateway = await TextGateway.StartAsync(static options => options with { Security = new SecurityOptions { ApiKey = new Secret("key") } });

        using var response = await gateway.PostAsync(path, "{}");

        await ApiAssert.ErrorAsync(response, 401, "invalid_api_key");
    }

    [Theory]
    [InlineData("\"reasoning_parser\":\"qwen3\"")]
    [InlineData("\"model\":\"Qwen/Qwen3-8B\"")]
    public async Task Thinking_is_told_from_the_answer_by_a_parser_or_by_a_models_name(string chosen)
    {
        await using var gateway = await StartAsync();

        var parsed = await gateway.AskAsync("/parse/reasoning", $$"""{"text":"<think>Hm.</think>Yes.",{{chosen}}}""");

        Assert.Equal("""{"normal_text":"Yes.","reasoning_text":"Hm.","success":true}""", parsed.GetRawText());
    }

    [Theory]
    [InlineData("\"tool_call_parser\":\"qwen\"")]
    [InlineData("\"model\":\"Qwen/Qwen2.5-7B\"")]
    public async Task Calls_are_found_by_a_parser_or_by_a_models_name(string chosen)
    {
        await using var gateway = await StartAsync();
        const string Text = "Look: <tool_call>\\n{\\\"name\\\":\\\"f\\\",\\\"arguments\\\":{\\\"x\\\":1}}\\n</tool_call>";

        var parsed = await gateway.AskAsync(
            "/parse/function_call", $$$"""{"text":"{{{Text}}}","tools":[{"type":"function","function":{"name":"f"}}],{{{chosen}}}}""");

        var call = Assert.Single(parsed.GetProperty("tool_calls").EnumerateArray()).GetProperty("function");
        Assert.Equal(("f", """{"x":1}"""), (call.GetProperty("name").GetString(), call.GetProperty("arguments").GetString()));
        Assert.StartsWith("Look:", parsed.GetProperty("remaining_text").GetString(), StringComparison.Ordinal);
        Assert.True(parsed.GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task A_prompt_that_comes_again_is_found_in_the_cache_whoever_asks()
    {
        await using var gateway = await StartAsync();
        var prompt = string.Concat(Enumerable.Repeat("The same words. ", 20));
        var question = JsonSerializer.Serialize(new { model = "m", prompt });

        var first = await gateway.AskAsync("/v1/tokenize", question);
        using var completion = await gateway.CompleteAsync(prompt);
        var again = await gateway.AskAsync("/v1/tokenize", question);
        var cache = (await gateway.GetAsync("/v1/tokenizers")).GetProperty("cache").GetProperty("prompts");

        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal(HttpStatusCode.OK, completion.StatusCode);
        Assert.Equal((2, 1, 1), (Number(cache, "hits"), Number(cache, "misses"), Number(cache, "entries")));
    }

    [Fact]
    public async Task Without_room_for_it_nothing_is_kept()
    {
        await using var gateway = await StartAsync(static options => options with
        {
            Text = options.Text with { PromptCacheBytes = 0, SegmentCacheBytes = 0 },
        });

        await gateway.AskAsync("/v1/tokenize", JsonSerializer.Serialize(new { model = "m", prompt = new string('x', 500) }));
        var cache = (await gateway.GetAsync("/v1/tokenizers")).GetProperty("cache").GetProperty("prompts");

        Assert.Equal((0, 0), (Number(cache, "misses"), Number(cache, "capacity_bytes")));
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static async Task<TextGateway> StartAsync(Func<GatewayOptions, GatewayOptions>? configure = null)
    {
        var gateway = await TextGateway.StartAsync(configure ?? (static options => options), new FakeSgLang { OnGetTokenizer = ByteTokenizer.GiveAsync });
        await gateway.UntilKnownAsync();
        return gateway;
    }
}
