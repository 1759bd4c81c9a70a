using System.Net;
using System.Text.Json.Nodes;

namespace Gateway.Simulator.Tests.Http;

public sealed class LogprobTests : IAsyncLifetime
{
    private WorkerPair _pair = null!;
    private SimulatedWorker _regular = null!;
    private WorkerClient _client = null!;

    public async Task InitializeAsync()
    {
        _pair = await WorkerPair.StartAsync();
        _regular = await SimulatedWorker.StartAsync(new SimulatorOptions { Timings = EngineTimings.Instant });
        _client = new WorkerClient(_regular);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _regular.DisposeAsync();
        await _pair.DisposeAsync();
    }

    [Fact]
    public async Task Nobody_who_does_not_ask_gets_any()
    {
        var meta = (await _client.PostJsonAsync("/generate", new JsonObject { ["text"] = "Hello" }))["meta_info"]!.AsObject();

        Assert.False(meta.ContainsKey("input_token_logprobs"));
        Assert.False(meta.ContainsKey("output_token_logprobs"));
    }

    [Fact]
    public async Task Without_a_start_they_are_of_the_answer_alone()
    {
        var answer = await _client.PostJsonAsync("/generate", Request(start: null));

        Assert.Empty(Of(answer, "input"));
        AssertAreOf(Of(answer, "output"), [.. answer["output_ids"]!.AsArray().Select(static id => (int)id!)]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Those_of_the_prompt_begin_at_the_start_with_one_that_is_not_known(int start)
    {
        var answer = await _client.PostJsonAsync("/generate", Request(start));

        var input = Of(answer, "input");
        Assert.Null(input[0]![0]);
        Assert.Equal(11 + start, (int)input[0]![1]!);
        AssertAreOf(new JsonArray([.. input.Skip(1).Select(static entry => entry!.DeepClone())]), [.. Enumerable.Range(12 + start, 4 - start)]);
    }

    [Fact]
    public async Task A_start_behind_the_prompt_is_refused()
    {
        using var response = await _client.PostAsync("/generate", Request(start: 5));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task In_a_pair_the_prefill_side_has_those_of_the_prompt_and_the_decode_side_those_of_the_answer()
    {
        var regular = await _client.PostJsonAsync("/generate", Request(start: 1));

        var (prefill, decode) = await _pair.AskAsync("/generate", Request(start: 1));

        Assert.Equal(Of(regular, "input").ToJsonString(), Of(prefill, "input").ToJsonString());
        Assert.Equal(Of(regular, "output")[0]!.ToJsonString(), Assert.Single(Of(prefill, "output"))!.ToJsonString());
        Assert.Empty(Of(decode, "input"));
        Assert.Equal(Of(regular, "output").ToJsonString(), Of(decode, "output").ToJsonString());
    }

    [Fact]
    public async Task Each_event_of_a_stream_has_those_of_the_prompt_and_those_of_the_answer_so_far()
    {
        await using var worker = await SimulatedWorker.StartAsync(new SimulatorOptions { Timings = EngineTimings.Fast });
        using var client = new WorkerClient(worker);
        var whole = await client.PostJsonAsync("/generate", Request(start: 0));
        var request = Request(start: 0);
        request["stream"] = true;

        var events = (await client.StreamAsync("/generate", request)).SkipLast(1).Select(static data => JsonNode.Parse(data)!).ToList();

        Assert.All(events, each =>
        {
            Assert.Equal(Of(whole, "input").ToJsonString(), Of(each, "input").ToJsonString());
            Assert.Equal((int)each["meta_info"]!["completion_tokens"]!, Of(each, "output").Count);
        });
        Assert.Equal(Of(whole, "output").ToJsonString(), Of(events[^1], "output").ToJsonString());
    }

    [Fact]
    public async Task A_batch_has_them_for_each_prompt()
    {
        var request = Request(start: 0);
        request["input_ids"] = new JsonArray(new JsonArray(1, 2), new JsonArray(3, 4, 5));

        var answers = (await _client.PostJsonAsync("/generate", request)).AsArray();

        Assert.Equal([2, 3], answers.Select(static answer => Of(answer!, "input").Count));
    }

    private static JsonObject Request(int? start)
    {
        var request = new JsonObject
        {
            ["input_ids"] = new JsonArray(11, 12, 13, 14, 15),
            ["return_logprob"] = true,
            ["sampling_params"] = new JsonObject { ["max_new_tokens"] = 8 },
        };
        if (start is { } at)
            request["logprob_start_len"] = at;
        return request;
    }

    private static JsonArray Of(JsonNode answer, string side) => answer["meta_info"]![$"{side}_token_logprobs"]!.AsArray();

    private static void AssertAreOf(JsonArray logprobs, int[] tokens)
    {
        Assert.Equal(tokens, logprobs.Select(static entry => (int)entry![1]!));
        Assert.All(logprobs, static entry =>
        {
            Assert.Equal(3, entry!.AsArray().Count);
            Assert.InRange((double)entry[0]!, -8, 0);
            Assert.Null(entry[2]);
        });
    }
}
