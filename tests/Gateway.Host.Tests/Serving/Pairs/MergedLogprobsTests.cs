using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Serving.Pairs;

public sealed class MergedLogprobsTests
{
    private const string Asks = """{"text":"a","return_logprob":true,"logprob_start_len":0}""";

    [Theory]
    [InlineData("[]", "[[-1.5,7,null],[-2,8,null]]")]
    [InlineData("[ ]", "[[-1.5,7,null],[-2,8,null] ]")]
    [InlineData("[[-3,9,null]]", "[[-1.5,7,null],[-2,8,null],[-3,9,null]]")]
    public async Task The_prompts_log_probabilities_come_from_the_prefill_worker(string decoded, string merged)
    {
        const string Prefilled = """{"text":"x","meta_info":{"id":"1","input_token_logprobs":[[-1.5,7,null],[-2,8,null]]}}""";
        var text = await AskAsync(Asks, Whole(Prefilled), Whole(Answer(decoded)));

        Assert.Equal(Answer(merged), text);
    }

    [Fact]
    public async Task Of_a_batch_each_prompt_gets_its_own()
    {
        var text = await AskAsync(
            """{"text":["a","b"],"return_logprob":true}""",
            Whole($"[{Answer("[1]")},{Answer("[2]")}]"),
            Whole($"[{Answer("[]")}, {Answer("[3]")}]"));

        Assert.Equal($"[{Answer("[1]")}, {Answer("[2,3]")}]", text);
    }

    [Fact]
    public async Task In_a_stream_each_event_gets_them_however_it_was_cut()
    {
        string[] decoded = [Event("[]"), "event: ping\n\n", "da", "ta: " + Answer("[]"), "\n", "\n" + Event("[5]") + "data: [DO", "NE]\n\n"];
        var text = await AskAsync(
            """{"text":"a","return_logprob":true,"stream":true}""",
            context => EngineStandIn.StreamAsync(context, Event("[4]"), Event("[1,2]"), "data: [DONE]\n\n"),
            context => EngineStandIn.StreamAsync(context, decoded));

        Assert.Equal(Event("[1,2]") + "event: ping\n\n" + Event("[1,2]") + Event("[1,2,5]") + "data: [DONE]\n\n", text);
    }

    [Theory]
    [InlineData("""{"text":"a"}""")]
    [InlineData("""{"text":"a","return_logprob":false}""")]
    public async Task Who_does_not_ask_gets_the_decode_workers_bytes(string body) =>
        Assert.Equal(Answer("[ ]"), await AskAsync(body, Whole(Answer("[1]")), Whole(Answer("[ ]"))));

    [Theory]
    [InlineData("no json")]
    [InlineData("""{"meta_info":[]}""")]
    [InlineData("""{"meta_info":{"input_token_logprobs":null}}""")]
    [InlineData("""{"meta_info":{"input_token_logprobs":[1""")]
    public async Task An_answer_of_another_shape_stays_as_it_is(string answer)
    {
        Assert.Equal(answer, await AskAsync(Asks, Whole(Answer("[1]")), Whole(answer)));
        Assert.Equal(Answer("[]"), await AskAsync(Asks, Whole(answer), Whole(Answer("[]"))));
    }

    private static string Answer(string logprobs) =>
        $$"""{"text":"] input_token_logprobs","meta_info":{"x":{"input_token_logprobs":[9]},"input_token_logprobs":{{logprobs}},"n":1},"z":[]}""";

    private static string Event(string logprobs) => $"data: {Answer(logprobs)}\n\n";

    private static RequestDelegate Whole(string json) => context => EngineStandIn.AnswerJsonAsync(context, json);

    private static async Task<string> AskAsync(string body, RequestDelegate prefills, RequestDelegate decodes)
    {
        await using var prefill = await EngineStandIn.StartAsync(prefills);
        await using var decode = await EngineStandIn.StartAsync(decodes);
        await using var gateway = await TestGateway.StartAsync();
        gateway.Add(prefill.Url, spec => spec with { Role = WorkerRole.Prefill });
        gateway.Add(decode.Url, spec => spec with { Role = WorkerRole.Decode });
        using var response = await gateway.PostAsync("/generate", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
