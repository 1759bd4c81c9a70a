using System.Net;
using System.Text.Json;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Serving;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Serving.Pairs;

public sealed class PairTests
{
    private const int BootstrapPort = 8998;
    private const string Event = "data: {\"n\":1}\n\n";
    private const string Done = "data: [DONE]\n\n";

    [Fact]
    public async Task Both_halves_get_the_same_request_with_one_meeting_place()
    {
        await using var prefill = await EngineStandIn.StartAsync();
        await using var decode = await EngineStandIn.StartAsync(context => EngineStandIn.AnswerJsonAsync(context, """{"by":"decode"}"""));
        await using var gateway = await StartAsync([prefill], [decode]);

        for (var i = 0; i < 2; i++)
        {
            using var response = await gateway.ChatAsync(model: TestGateway.Alias);
            Assert.Equal("""{"by":"decode"}""", await response.Content.ReadAsStringAsync());
        }

        await gateway.AssertNothingInFlightAsync();
        var bodies = prefill.Seen.Select(request => request.Body).ToArray();
        Assert.Equal(bodies, decode.Seen.Select(request => request.Body));
        Assert.Equal(prefill.Seen.Select(request => request.Header("x-request-id")), decode.Seen.Select(request => request.Header("x-request-id")));
        var rooms = bodies.Select(body =>
        {
            // The client's own bytes, with the model's canonical id, and the rest behind them.
            Assert.StartsWith(TestGateway.ChatBody()[..^1] + ",\"bootstrap_host\":", body, StringComparison.Ordinal);
            var json = JsonDocument.Parse(body).RootElement;
            Assert.Equal("127.0.0.1", json.GetProperty("bootstrap_host").GetString());
            Assert.Equal(BootstrapPort, json.GetProperty("bootstrap_port").GetInt32());
            return json.GetProperty("bootstrap_room").GetInt64();
        }).ToArray();
        Assert.NotEqual(rooms[0], rooms[1]);
        Assert.All(rooms, room => Assert.InRange(room, 0, long.MaxValue));
    }

    [Theory]
    [InlineData("/generate", """{"text":["a","b","c"]}""", 3)]
    [InlineData("/generate", """{"text":["a"]}""", 1)]
    [InlineData("/generate", """{"input_ids":[[1,2],[3]]}""", 2)]
    [InlineData("/v1/completions", """{"model":"llama","prompt":["a","b"]}""", 2)]
    [InlineData("/v1/completions", """{"model":"llama","prompt":[[1,2],[3]]}""", 2)]
    public async Task Each_prompt_of_a_batch_has_a_room_of_its_own(string path, string body, int prompts)
    {
        var seen = JsonDocument.Parse(await SeenByDecodeAsync(path, body)).RootElement;

        Assert.Equal(Enumerable.Repeat("127.0.0.1", prompts), seen.GetProperty("bootstrap_host").EnumerateArray().Select(item => item.GetString()!));
        Assert.Equal(Enumerable.Repeat(BootstrapPort, prompts), seen.GetProperty("bootstrap_port").EnumerateArray().Select(item => item.GetInt32()));
        Assert.Equal(prompts, seen.GetProperty("bootstrap_room").EnumerateArray().Select(item => item.GetInt64()).Distinct().Count());
    }

    [Theory]
    [InlineData("/generate", """{"text":"a"}""")]
    [InlineData("/generate", """{"input_ids":[1,2]}""")]
    [InlineData("/v1/completions", """{"model":"llama","prompt":[1,2]}""")]
    [InlineData("/v1/completions", """{"model":"llama"}""")]
    [InlineData("/generate", "{ }")]
    [InlineData("/generate", """{"bootstrap_room":5,"bootstrap_host":"elsewhere"} """)]
    public async Task What_is_no_batch_has_one_room_that_the_client_cannot_choose(string path, string body)
    {
        var seen = JsonDocument.Parse(await SeenByDecodeAsync(path, body)).RootElement;

        // Of members with the same name the last one counts, for engines as for this reader.
        Assert.Equal("127.0.0.1", seen.GetProperty("bootstrap_host").GetString());
        Assert.NotEqual(5, seen.GetProperty("bootstrap_room").GetInt64());
    }

    [Fact]
    public async Task The_decode_workers_answer_is_relayed_before_the_prefill_worker_has_answered()
    {
        var prefillMayEnd = new SemaphoreSlim(0);
        await using var prefill = await EngineStandIn.StartAsync(async context =>
        {
            await prefillMayEnd.WaitAsync();
            await EngineStandIn.AnswerJsonAsync(context, "{}");
        });
        await using var decode = await EngineStandIn.StartAsync(async context =>
        {
            await EngineStandIn.StreamAsync(context, Event);
            await prefillMayEnd.WaitAsync();
            await EngineStandIn.StreamAsync(context, Done);
        });
        await using var gateway = await StartAsync([prefill], [decode]);

        using var response = await gateway.ChatAsync(stream: true);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("data: {\"n\":1}", await reader.ReadLineAsync());
        prefillMayEnd.Release(2);
        Assert.Equal("\n" + Done, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task The_prefill_workers_lease_ends_with_its_half_and_not_with_the_answer()
    {
        var mayEnd = new SemaphoreSlim(0);
        await using var prefill = await EngineStandIn.StartAsync();
        await using var decode = await EngineStandIn.StartAsync(async context =>
        {
            await EngineStandIn.StreamAsync(context, Event);
            await mayEnd.WaitAsync();
            await EngineStandIn.StreamAsync(context, Done);
        });
        await using var gateway = await StartAsync([prefill], [decode]);
        var (first, second) = (gateway.Workers[0], gateway.Workers[1]);

        using var response = await gateway.ChatAsync(stream: true);

        await Eventually.HoldsAsync(() => first.Load == 0, "the prefill worker's lease is released");
        Assert.Equal(1, second.Load);
        Assert.Equal(0, first.PendingPromptBytes);
        mayEnd.Release();
        Assert.EndsWith(Done, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WorkerRole.Prefill)]
    [InlineData(WorkerRole.Decode)]
    public async Task A_half_that_cannot_be_reached_is_replaced_and_the_other_cancelled_and_asked_again(WorkerRole dead)
    {
        await using var other = await EngineStandIn.StartAsync();
        await using var good = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync();
        Add(gateway, TestGateway.RefusingUrl(), dead);
        Add(gateway, good.Url, dead);
        Add(gateway, other.Url, dead == WorkerRole.Prefill ? WorkerRole.Decode : WorkerRole.Prefill);
        // One half waits for the other: in the first attempt in vain.
        other.Behaviour = async context =>
        {
            while (good.Seen.IsEmpty)
                await Task.Delay(1, context.RequestAborted);
            await EngineStandIn.AnswerJsonAsync(context, "{}");
        };

        using var response = await gateway.ChatAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await gateway.AssertNothingInFlightAsync();
        Assert.Single(good.Seen);
        Assert.True(gateway.Workers[0].ConsumeSuspicion());
        // The other one is not to blame.
        Assert.Equal(0, gateway.Workers[2].Breaker.ConsecutiveFailures);
        Assert.False(gateway.Workers[2].ConsumeSuspicion());
    }

    [Theory]
    [InlineData(WorkerRole.Prefill)]
    [InlineData(WorkerRole.Decode)]
    public async Task A_retryable_status_of_one_half_is_retried_as_a_pair_of_others(WorkerRole busy)
    {
        await using var prefill1 = await EngineStandIn.StartAsync();
        await using var prefill2 = await EngineStandIn.StartAsync();
        await using var decode1 = await EngineStandIn.StartAsync();
        await using var decode2 = await EngineStandIn.StartAsync();
        var (fails, hangs) = busy == WorkerRole.Prefill ? (prefill1, decode1) : (decode1, prefill1);
        fails.Behaviour = static context => EngineStandIn.AnswerJsonAsync(context, """{"error":{}}""", 503);
        hangs.Behaviour = hangs.HangAsync;
        await using var gateway = await StartAsync([prefill1, prefill2], [decode1, decode2]);

        using var response = await gateway.ChatAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await gateway.AssertNothingInFlightAsync();
        Assert.Single(prefill2.Seen);
        Assert.Single(decode2.Seen);
        Assert.Single(fails.Seen);
        if (!hangs.Seen.IsEmpty)
            await hangs.Aborted.Task;
    }

    [Theory]
    [InlineData(WorkerRole.Prefill)]
    [InlineData(WorkerRole.Decode)]
    public async Task An_error_of_the_clients_that_one_half_sees_is_its_answer(WorkerRole sees)
    {
        await using var prefill = await EngineStandIn.StartAsync();
        await using var decode = await EngineStandIn.StartAsync();
        var (complains, waits) = sees == WorkerRole.Prefill ? (prefill, decode) : (decode, prefill);
        complains.Behaviour = static context => EngineStandIn.AnswerJsonAsync(context, """{"error":"too long"}""", 400);
        waits.Behaviour = waits.HangAsync;
        await using var gateway = await StartAsync([prefill], [decode]);

        using var response = await gateway.ChatAsync();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("""{"error":"too long"}""", await response.Content.ReadAsStringAsync());
        await gateway.AssertNothingInFlightAsync();
        Assert.Single(complains.Seen);
    }

    [Fact]
    public async Task A_prefill_that_breaks_after_the_first_byte_of_the_answer_spoils_nothing()
    {
        await using var prefill = await EngineStandIn.StartAsync();
        prefill.Behaviour = async context =>
        {
            await EngineStandIn.StreamAsync(context, "data: {");
            await prefill.CutAsync(context);
        };
        var mayEnd = new SemaphoreSlim(0);
        await using var decode = await EngineStandIn.StartAsync(async context =>
        {
            await EngineStandIn.StreamAsync(context, Event);
            await mayEnd.WaitAsync();
            await EngineStandIn.StreamAsync(context, Done);
        });
        await using var gateway = await StartAsync([prefill], [decode]);

        using var response = await gateway.ChatAsync(stream: true);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("data: {\"n\":1}", await reader.ReadLineAsync());
        prefill.Cut.Release();
        await Eventually.HoldsAsync(() => gateway.Workers[0].Load == 0, "the prefill half has ended");
        mayEnd.Release();

        Assert.Equal("\n" + Done, await reader.ReadToEndAsync());
        Assert.Equal(1, gateway.Workers[0].Breaker.ConsecutiveFailures);
    }

    [Fact]
    public async Task A_client_that_goes_away_aborts_both_halves()
    {
        await using var prefill = await EngineStandIn.StartAsync();
        await using var decode = await EngineStandIn.StartAsync();
        prefill.Behaviour = prefill.HangAsync;
        decode.Behaviour = decode.HangAsync;
        await using var gateway = await StartAsync([prefill], [decode]);
        using var gone = new CancellationTokenSource();

        var request = gateway.Client.PostAsync("/v1/chat/completions", new StringContent(TestGateway.ChatBody()), gone.Token);
        await Eventually.HoldsAsync(() => !prefill.Seen.IsEmpty && !decode.Seen.IsEmpty, "both halves were asked");
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await prefill.Aborted.Task;
        await decode.Aborted.Task;
        await gateway.AssertNothingInFlightAsync();
        Assert.All(gateway.Workers, worker => Assert.Equal(0, worker.Breaker.ConsecutiveFailures));
    }

    [Fact]
    public async Task A_pair_that_does_not_begin_to_answer_in_time_is_a_504_and_neither_half_is_trusted()
    {
        await using var prefill = await EngineStandIn.StartAsync();
        await using var decode = await EngineStandIn.StartAsync();
        prefill.Behaviour = prefill.HangAsync;
        decode.Behaviour = decode.HangAsync;
        var time = new ManualTime();
        var options = new GatewayOptions { Timeouts = new TimeoutOptions { FirstByte = TimeSpan.FromSeconds(1) } };
        await using var gateway = await StartAsync([prefill], [decode], options, time);

        var asking = gateway.ChatAsync();
        await Eventually.HoldsAsync(() => !prefill.Seen.IsEmpty && !decode.Seen.IsEmpty, "both halves were asked");
        time.Advance(TimeSpan.FromSeconds(1));
        using var response = await asking;

        await ApiAssert.ErrorAsync(response, 504, "upstream_timeout");
        Assert.All(gateway.Workers, worker => Assert.Equal(1, worker.Breaker.ConsecutiveFailures));
        Assert.All(gateway.Workers, worker => Assert.True(worker.ConsumeSuspicion()));
    }

    [Theory]
    [InlineData(WorkerRole.Prefill)]
    [InlineData(WorkerRole.Decode)]
    public async Task Regular_workers_stand_in_for_a_pair_that_lacks_a_half(WorkerRole left)
    {
        await using var half = await EngineStandIn.StartAsync();
        // A decode worker that answers before the connection to the prefill worker is refused would be the answer.
        if (left == WorkerRole.Decode)
            half.Behaviour = half.HangAsync;
        await using var regular = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, regular);
        Add(gateway, half.Url, left);
        Add(gateway, TestGateway.RefusingUrl(), left == WorkerRole.Prefill ? WorkerRole.Decode : WorkerRole.Prefill);

        for (var i = 0; i < 2; i++)
        {
            using var response = await gateway.ChatAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(2, regular.Seen.Count);
        Assert.All(regular.Seen, request => Assert.Equal(TestGateway.ChatBody(), request.Body));
    }

    [Fact]
    public async Task Pairs_generate_and_regular_workers_do_the_rest()
    {
        await using var prefill = await EngineStandIn.StartAsync();
        await using var decode = await EngineStandIn.StartAsync();
        await using var regular = await EngineStandIn.StartAsync();
        await using var gateway = await StartAsync([prefill], [decode]);
        gateway.Add(regular.Url);

        using var chat = await gateway.ChatAsync();
        using var embeddings = await gateway.PostAsync("/v1/embeddings", """{"model":"llama","input":"a"}""");

        Assert.Equal(HttpStatusCode.OK, chat.StatusCode);
        Assert.Equal(HttpStatusCode.OK, embeddings.StatusCode);
        Assert.Equal("/v1/chat/completions", Assert.Single(decode.Seen).Target);
        Assert.Equal("/v1/embeddings", Assert.Single(regular.Seen).Target);
    }

    [Fact]
    public async Task Half_a_pair_generates_nothing_but_can_be_asked_about_itself()
    {
        await using var decode = await EngineStandIn.StartAsync();
        await using var gateway = await StartAsync([], [decode]);

        using var chat = await gateway.ChatAsync();
        using var question = await gateway.Client.GetAsync("/get_model_info");
        using var readiness = await gateway.Client.GetAsync("/readiness");

        await ApiAssert.ErrorAsync(chat, 503, "no_healthy_workers");
        Assert.Equal(HttpStatusCode.OK, question.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, readiness.StatusCode);
    }

    [Fact]
    public async Task A_whole_pair_makes_the_gateway_ready()
    {
        await using var gateway = await TestGateway.StartAsync();
        Add(gateway, "http://127.0.0.1:1", WorkerRole.Prefill);
        Add(gateway, "http://127.0.0.1:2", WorkerRole.Decode);

        using var readiness = await gateway.Client.GetAsync("/readiness");

        Assert.Equal(HttpStatusCode.OK, readiness.StatusCode);
    }

    [Fact]
    public async Task The_receipt_and_the_access_log_name_both_halves()
    {
        await using var prefill = await EngineStandIn.StartAsync();
        await using var decode = await EngineStandIn.StartAsync();
        await using var gateway = await StartAsync(
            [prefill], [decode], new GatewayOptions { Security = new SecurityOptions { AllowRouteExplain = true } });

        using var response = await gateway.ChatAsync(change: message => message.Headers.Add(RouteReceipt.Request, "1"));

        Assert.Equal(gateway.Workers[0].Id.ToString(), response.Headers.GetValues(RouteReceipt.PrefillWorkerHeader).Single());
        Assert.Equal(gateway.Workers[1].Id.ToString(), response.Headers.GetValues(RouteReceipt.WorkerHeader).Single());
        await gateway.Logs.WaitForAsync(line => line.Contains(
            $"worker={gateway.Workers[0].Spec.Url}+{gateway.Workers[1].Spec.Url}", StringComparison.Ordinal));
    }

    private static async Task<string> SeenByDecodeAsync(string path, string body)
    {
        await using var prefill = await EngineStandIn.StartAsync();
        await using var decode = await EngineStandIn.StartAsync();
        await using var gateway = await StartAsync([prefill], [decode]);
        using var response = await gateway.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Eventually.HoldsAsync(() => !prefill.Seen.IsEmpty, "the prefill worker was asked, which here answers last");
        Assert.Equal(decode.Seen.Single().Body, prefill.Seen.Single().Body);
        return decode.Seen.Single().Body;
    }

    private static async Task<TestGateway> StartAsync(EngineStandIn[] prefill, EngineStandIn[] decode, GatewayOptions? options = null, TimeProvider? time = null)
    {
        var gateway = await TestGateway.StartAsync(time ?? TimeProvider.System, options);
        foreach (var engine in prefill)
            Add(gateway, engine.Url, WorkerRole.Prefill);
        foreach (var engine in decode)
            Add(gateway, engine.Url, WorkerRole.Decode);
        return gateway;
    }

    private static void Add(TestGateway gateway, string url, WorkerRole role) =>
        gateway.Add(url, spec => spec with { Role = role, BootstrapPort = role == WorkerRole.Prefill ? BootstrapPort : null });
}
