using System.Net;
using Gateway.Host.Configuration;
using Gateway.Host.Serving;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Serving.Retries;

/// <summary>Round robin sends a request to the first engine, and its hedge to the second.</summary>
public sealed class HedgingTests
{
    private static readonly GatewayOptions Hedging = new()
    {
        Retry = new RetryOptions { HedgeAfter = TimeSpan.FromMilliseconds(50) },
        Security = new SecurityOptions { AllowRouteExplain = true },
    };

    [Fact]
    public async Task The_second_worker_answers_when_the_first_is_slow_and_the_first_is_aborted()
    {
        await using var slow = await EngineStandIn.StartAsync();
        slow.Behaviour = slow.HangAsync;
        // An attempt that is given up before it has come to the engine is none.
        await using var quick = await EngineStandIn.StartAsync(async context =>
        {
            await Eventually.HoldsAsync(() => !slow.Seen.IsEmpty, "the first engine is asked");
            await EngineStandIn.AnswerJsonAsync(context, "{}");
        });
        await using var gateway = await TestGateway.StartAsync(Hedging, slow, quick);

        using var response = await gateway.ChatAsync(change: Explain);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await slow.Aborted.Task.WaitAsync(Eventually.Limit);
        await gateway.AssertNothingInFlightAsync();
        Assert.Equal(gateway.Workers[1].Id.ToString(), response.Headers.GetValues(RouteReceipt.WorkerHeader).Single());
        Assert.All(gateway.Workers, worker => Assert.Equal(0, worker.Breaker.ConsecutiveFailures));
        Assert.False(gateway.Workers[0].ConsumeSuspicion());
    }

    [Fact]
    public async Task The_first_worker_may_still_win_and_then_the_second_is_aborted()
    {
        await using var second = await EngineStandIn.StartAsync();
        second.Behaviour = second.HangAsync;
        await using var first = await EngineStandIn.StartAsync(AnswersAfter(second));
        await using var gateway = await TestGateway.StartAsync(Hedging, first, second);

        using var response = await gateway.ChatAsync(change: Explain);

        Assert.Equal("1", await response.Content.ReadAsStringAsync());
        await second.Aborted.Task.WaitAsync(Eventually.Limit);
        Assert.Equal(gateway.Workers[0].Id.ToString(), response.Headers.GetValues(RouteReceipt.WorkerHeader).Single());
        Assert.Equal("2", response.Headers.GetValues(RouteReceipt.AttemptsHeader).Single());
    }

    [Theory]
    [InlineData(500)]
    [InlineData(0)]
    public async Task A_hedge_that_fails_leaves_the_first_attempt_alone(int status)
    {
        await using var second = await EngineStandIn.StartAsync(context =>
        {
            if (status != 0)
                return EngineStandIn.AnswerJsonAsync(context, "{}", status);
            context.Abort();
            return Task.CompletedTask;
        });
        using var noticing = new NoticingHandler();
        await using var first = await EngineStandIn.StartAsync(async context =>
        {
            await noticing.Ended;
            await EngineStandIn.AnswerJsonAsync(context, "1");
        });
        await using var gateway = await TestGateway.StartAsync(Hedging, first);
        gateway.Add(second.Url, connections: noticing);

        using var response = await gateway.ChatAsync();

        Assert.Equal("1", await response.Content.ReadAsStringAsync());
        await gateway.AssertNothingInFlightAsync();
        Assert.Single(first.Seen);
        Assert.Single(second.Seen);
        Assert.Equal((0, 1), (gateway.Workers[0].Breaker.ConsecutiveFailures, gateway.Workers[1].Breaker.ConsecutiveFailures));
    }

    [Fact]
    public async Task When_both_fail_a_third_worker_is_asked()
    {
        await using var second = await EngineStandIn.StartAsync(static context => EngineStandIn.AnswerJsonAsync(context, "{}", 500));
        await using var first = await EngineStandIn.StartAsync(AnswersAfter(second, status: 500));
        await using var third = await EngineStandIn.StartAsync(static context => EngineStandIn.AnswerJsonAsync(context, "3"));
        await using var gateway = await TestGateway.StartAsync(Hedging, first, second, third);

        using var response = await gateway.ChatAsync();

        Assert.Equal("3", await response.Content.ReadAsStringAsync());
        Assert.Equal((1, 1, 1), (first.Seen.Count, second.Seen.Count, third.Seen.Count));
    }

    public static TheoryData<string> ReasonsNotToHedge => ["off", "streams", "no budget", "no other worker", "quick"];

    [Theory]
    [MemberData(nameof(ReasonsNotToHedge))]
    public async Task There_is_no_hedge_where_there_should_be_none(string reason)
    {
        RequestDelegate answer = async context =>
        {
            await Task.Delay(reason == "quick" ? 0 : 200);
            await (reason == "streams" ? EngineStandIn.StreamAsync(context, "data: [DONE]\n\n") : EngineStandIn.AnswerJsonAsync(context, "{}"));
        };
        await using var first = await EngineStandIn.StartAsync(answer);
        await using var second = await EngineStandIn.StartAsync(answer);
        await using var gateway = await TestGateway.StartAsync(
            reason switch
            {
                "off" => new GatewayOptions(),
                "no budget" => Hedging with { Retry = Hedging.Retry with { BudgetRatio = 0, BudgetMinPerSecond = 0 } },
                "quick" => Hedging with { Retry = Hedging.Retry with { HedgeAfter = TimeSpan.FromSeconds(20) } },
                _ => Hedging,
            },
            reason == "no other worker" ? [first] : [first, second]);

        using var response = await gateway.ChatAsync(stream: reason == "streams");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, first.Seen.Count + second.Seen.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_client_that_leaves_during_a_race_leaves_nothing_behind(int seed)
    {
        var random = new Random(seed);
        RequestDelegate answer = async context =>
        {
            int delay, kind;
            lock (random)
                (delay, kind) = (random.Next(30), random.Next(4));
            await Task.Delay(delay);
            if (kind == 0)
                context.Abort();
            else
                await EngineStandIn.AnswerJsonAsync(context, "{}", kind == 1 ? 429 : 200);
        };
        await using var one = await EngineStandIn.StartAsync(answer);
        await using var two = await EngineStandIn.StartAsync(answer);
        await using var three = await EngineStandIn.StartAsync(answer);
        await using var gateway = await TestGateway.StartAsync(
            Hedging with { Retry = Hedging.Retry with { HedgeAfter = TimeSpan.FromMilliseconds(5), BudgetRatio = 1, InitialBackoff = TimeSpan.FromMilliseconds(5) } },
            one, two, three);

        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            TimeSpan patience;
            lock (random)
                patience = TimeSpan.FromMilliseconds(80 * random.NextDouble());
            using var client = new CancellationTokenSource(patience);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(TestGateway.ChatBody()) };
            try
            {
                using var response = await gateway.Client.SendAsync(request, client.Token);
            }
            catch (OperationCanceledException)
            {
            }
        });
        await gateway.AssertNothingInFlightAsync();
    }

    /// <summary>Answers when the other engine was asked as well.</summary>
    private static RequestDelegate AnswersAfter(EngineStandIn other, int status = 200) => async context =>
    {
        await Eventually.HoldsAsync(() => !other.Seen.IsEmpty, "the other engine is asked");
        await EngineStandIn.AnswerJsonAsync(context, "1", status);
    };

    /// <summary>Says when the gateway has an engine's answer, or knows that there is none.</summary>
    private sealed class NoticingHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                _ended.TrySetResult();
            }
        }
    }

    private static void Explain(HttpRequestMessage request) => request.Headers.Add(RouteReceipt.Request, "1");
}
