using System.Diagnostics;
using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Serving.Retries;

/// <summary>An engine that answers with an error that another attempt may spare the client.</summary>
public sealed class RetriedAnswerTests
{
    private static readonly GatewayOptions Quick = new()
    {
        Retry = new RetryOptions { InitialBackoff = TimeSpan.FromMilliseconds(5), MaxBackoff = TimeSpan.FromSeconds(5) },
    };

    private static RequestDelegate Answers(int status, string? retryAfter = null) => context =>
    {
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        context.Response.Headers["x-engine"] = "says";
        return EngineStandIn.AnswerJsonAsync(context, $$$"""{"error":{"code":{{{status}}}}}""", status);
    };

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task An_error_that_may_pass_is_spared_the_client_by_another_worker_at_once(int status)
    {
        await using var bad = await EngineStandIn.StartAsync(Answers(status, retryAfter: "4"));
        await using var good = await EngineStandIn.StartAsync();
        // No time passes: who waits, waits for ever.
        await using var gateway = await TestGateway.StartAsync(new ManualTime(), new GatewayOptions(), bad, good);

        for (var i = 0; i < 4; i++)
        {
            using var response = await gateway.ChatAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("x-engine"));
        }

        Assert.NotEmpty(bad.Seen);
        Assert.Equal(4, good.Seen.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(422)]
    [InlineData(501)]
    public async Task Any_other_status_is_the_answer(int status)
    {
        await using var bad = await EngineStandIn.StartAsync(Answers(status));
        await using var other = await EngineStandIn.StartAsync(Answers(status));
        await using var gateway = await TestGateway.StartAsync(Quick, bad, other);

        using var response = await gateway.ChatAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(1, bad.Seen.Count + other.Seen.Count);
    }

    [Fact]
    public async Task When_the_attempts_are_used_up_the_client_gets_the_last_answer_as_it_was()
    {
        await using var one = await EngineStandIn.StartAsync(Answers(503, "0"));
        await using var two = await EngineStandIn.StartAsync(Answers(503, "0"));
        await using var gateway = await TestGateway.StartAsync(Quick, one, two);

        using var response = await gateway.ChatAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("""{"error":{"code":503}}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("0", response.Headers.GetValues("Retry-After").Single());
        Assert.Equal("says", response.Headers.GetValues("x-engine").Single());
        Assert.Equal(5, one.Seen.Count + two.Seen.Count);
        Assert.InRange(one.Seen.Count, 2, 3);
    }

    [Fact]
    public async Task An_answer_that_was_set_aside_is_what_remains_if_the_other_workers_do_not_answer_at_all()
    {
        await using var busy = await EngineStandIn.StartAsync(Answers(429, "3"));
        await using var gateway = await TestGateway.StartAsync(new GatewayOptions { Retry = new RetryOptions { MaxAttempts = 2 } });
        gateway.Add(busy.Url);
        gateway.Add(TestGateway.RefusingUrl());

        for (var i = 0; i < 2; i++)
        {
            using var response = await gateway.ChatAsync();
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.Equal("3", response.Headers.GetValues("Retry-After").Single());
        }

        Assert.Equal(2, busy.Seen.Count);
    }

    [Fact]
    public async Task The_only_worker_is_asked_again_after_the_time_it_asked_for()
    {
        await using var engine = await EngineStandIn.StartAsync();
        var answers = 0;
        engine.Behaviour = context => Interlocked.Increment(ref answers) == 1 ? Answers(429, "1")(context) : EngineStandIn.AnswerJsonAsync(context, "{}");
        await using var gateway = await TestGateway.StartAsync(Quick, engine);
        var watch = Stopwatch.StartNew();

        using var response = await gateway.ChatAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(950), $"asked again after {watch.Elapsed}");
    }

    [Fact]
    public async Task No_load_is_counted_while_a_request_waits()
    {
        await using var engine = await EngineStandIn.StartAsync(Answers(503, "30"));
        await using var gateway = await TestGateway.StartAsync(
            new GatewayOptions { Retry = new RetryOptions { MaxBackoff = TimeSpan.FromMinutes(1) } }, engine);
        using var client = new CancellationTokenSource();

        var request = gateway.Client.GetAsync(new Uri("/get_model_info", UriKind.Relative), client.Token);
        await Eventually.HoldsAsync(() => engine.Seen.Count == 1 && gateway.Workers[0].Load == 0, "it waits");
        Assert.Equal(1, gateway.Gate.InFlight);
        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await gateway.AssertNothingInFlightAsync();
        Assert.Single(engine.Seen);
    }

    [Theory]
    [InlineData("60")]
    [InlineData("86400")]
    public async Task A_worker_that_asks_for_more_time_than_we_would_wait_has_its_answer_passed_on_at_once(string retryAfter)
    {
        await using var engine = await EngineStandIn.StartAsync(Answers(503, retryAfter));
        await using var gateway = await TestGateway.StartAsync(null, engine);

        using var response = await gateway.ChatAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(retryAfter, response.Headers.GetValues("Retry-After").Single());
        Assert.Single(engine.Seen);
    }

    [Fact]
    public async Task Nobody_waits_beyond_the_time_for_the_whole_request()
    {
        await using var engine = await EngineStandIn.StartAsync(Answers(503, "20"));
        await using var gateway = await TestGateway.StartAsync(
            new ManualTime(), new GatewayOptions { Timeouts = new TimeoutOptions { Request = TimeSpan.FromSeconds(10) } }, engine);

        using var response = await gateway.ChatAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task Statuses_are_what_the_operator_says_and_a_worker_may_say_otherwise()
    {
        await using var engine = await EngineStandIn.StartAsync(Answers(418));
        await using var gateway = await TestGateway.StartAsync(
            Quick with { Retry = Quick.Retry with { StatusCodes = [418], MaxAttempts = 3 } });
        gateway.Add(engine.Url);
        using (var response = await gateway.ChatAsync())
            Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal(3, engine.Seen.Count);

        await using var particular = await EngineStandIn.StartAsync(Answers(418));
        var worker = gateway.Add(particular.Url, spec => spec with { Retry = new RetryOverrides { StatusCodes = [] } });
        gateway.Publish([worker]);
        using (var response = await gateway.ChatAsync())
            Assert.Equal(418, (int)response.StatusCode);
        Assert.Single(particular.Seen);
    }

    [Fact]
    public async Task Without_budget_the_first_answer_is_the_answer()
    {
        await using var one = await EngineStandIn.StartAsync(Answers(500));
        await using var two = await EngineStandIn.StartAsync(Answers(500));
        await using var gateway = await TestGateway.StartAsync(
            Quick with { Retry = Quick.Retry with { BudgetRatio = 0.5, BudgetMinPerSecond = 0 } }, one, two);

        for (var i = 0; i < 9; i++)
        {
            using var response = await gateway.ChatAsync();
            Assert.Equal("""{"error":{"code":500}}""", await response.Content.ReadAsStringAsync());
        }

        Assert.Equal(9 + 4, one.Seen.Count + two.Seen.Count);
    }

    [Fact]
    public async Task A_transport_failure_spends_of_the_same_budget()
    {
        await using var gateway = await TestGateway.StartAsync(new GatewayOptions { Retry = new RetryOptions { BudgetRatio = 0, BudgetMinPerSecond = 0 } });
        for (var i = 0; i < 3; i++)
            gateway.Add(TestGateway.RefusingUrl());

        using var response = await gateway.ChatAsync();

        await ApiAssert.ErrorAsync(response, 502, "upstream_unreachable");
        Assert.Equal(1, gateway.Workers.Sum(worker => worker.Breaker.ConsecutiveFailures));
    }

    public static TheoryData<string> ErrorsThatCannotBeHad => ["too long", "hangs", "breaks"];

    [Theory]
    [MemberData(nameof(ErrorsThatCannotBeHad))]
    public async Task An_error_whose_body_does_not_come_is_not_waited_for(string how)
    {
        await using var bad = await EngineStandIn.StartAsync();
        bad.Behaviour = async context =>
        {
            context.Response.StatusCode = 500;
            await context.Response.WriteAsync(how == "too long" ? new string('x', 200_000) : "{");
            await context.Response.Body.FlushAsync();
            if (how == "hangs")
                await bad.HangAsync(context);
            else if (how == "breaks")
                context.Abort();
        };
        await using var good = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Quick, bad, good);

        for (var i = 0; i < 2; i++)
        {
            using var response = await gateway.ChatAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.NotEmpty(bad.Seen);
    }

    [Fact]
    public async Task When_every_breaker_is_open_the_answer_is_quick_and_says_when_to_come_back()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(new ManualTime(), null, engine);
        Break(gateway.Workers[0]);

        using var response = await gateway.ChatAsync();

        await ApiAssert.ErrorAsync(response, 503, "no_healthy_workers");
        Assert.NotEmpty(response.Headers.GetValues("Retry-After").Single());
        Assert.Empty(engine.Seen);
    }

    [Fact]
    public async Task In_panic_the_breakers_are_ignored()
    {
        await using var one = await EngineStandIn.StartAsync();
        await using var two = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(new GatewayOptions { Fleet = new FleetOptions { PanicThreshold = 0.6 } }, one, two);
        Break(gateway.Workers[0]);

        for (var i = 0; i < 4; i++)
        {
            using var response = await gateway.ChatAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal((2, 2), (one.Seen.Count, two.Seen.Count));
        Assert.Equal(BreakerStatus.Open, gateway.Workers[0].Breaker.Status);
    }

    private static void Break(Worker worker)
    {
        while (WorkerLease.TryAcquire(worker, out var lease))
            lease.Release(AttemptOutcome.Failure);
    }
}
