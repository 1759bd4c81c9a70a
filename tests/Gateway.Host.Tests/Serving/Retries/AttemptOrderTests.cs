using System.Collections.Concurrent;
using System.Net;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Serving.Retries;

/// <summary>Which workers a request is sent to, one after the other, when engines fail at random.</summary>
public sealed class AttemptOrderTests
{
    private const int Engines = 4;
    private const int MostAttempts = 7;

    private enum What
    {
        Answers,
        Breaks,
        Refuses,
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_worker_is_asked_again_only_when_all_were_asked_and_never_after_its_connection_failed(int seed)
    {
        var random = new Random(seed);
        var attempts = new ConcurrentDictionary<string, ConcurrentQueue<(int Engine, What What)>>();
        var engines = new List<EngineStandIn>();
        await using var gateway = await TestGateway.StartAsync(new GatewayOptions
        {
            Retry = new RetryOptions { MaxAttempts = MostAttempts, InitialBackoff = TimeSpan.FromMilliseconds(2), BudgetRatio = 1, BudgetMinPerSecond = 1000 },
        });
        for (var i = 0; i < Engines; i++)
        {
            var engine = i;
            engines.Add(await EngineStandIn.StartAsync(async context =>
            {
                What what;
                lock (random)
                    what = random.NextDouble() switch { < 0.1 => What.Answers, < 0.4 => What.Breaks, _ => What.Refuses };
                attempts.GetOrAdd(context.Request.Headers["x-request-id"].ToString(), static _ => new()).Enqueue((engine, what));
                if (what == What.Breaks)
                    context.Abort();
                else
                    await EngineStandIn.AnswerJsonAsync(context, "{}", what == What.Answers ? 200 : 429);
            }));
            gateway.Add(engines[i].Url, static spec => spec with { Breaker = new() { Disabled = true } });
        }

        await Parallel.ForAsync(0, 150, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            using var response = await gateway.ChatAsync();
            Check([.. attempts[response.Headers.GetValues("x-request-id").Single()]], response.StatusCode);
        });
        foreach (var engine in engines)
            await engine.DisposeAsync();
    }

    private static void Check(List<(int Engine, What What)> attempts, HttpStatusCode status)
    {
        Assert.InRange(attempts.Count, 1, MostAttempts);
        for (var i = 0; i < attempts.Count; i++)
        {
            var before = attempts.GetRange(0, i);
            // Only the last may have answered, and none may be asked whose connection failed.
            Assert.DoesNotContain(before, attempt => attempt.What == What.Answers);
            Assert.DoesNotContain(before, attempt => attempt == (attempts[i].Engine, What.Breaks));
            if (before.Exists(attempt => attempt.Engine == attempts[i].Engine))
                Assert.Equal(Engines, before.Select(static attempt => attempt.Engine).Distinct().Count());
        }

        var expected = attempts[^1].What == What.Answers ? HttpStatusCode.OK
            : attempts.Exists(static attempt => attempt.What == What.Refuses) ? HttpStatusCode.TooManyRequests
            : HttpStatusCode.BadGateway;
        Assert.Equal(expected, status);
        // It was not given up while there was something left to try.
        if (expected != HttpStatusCode.OK && attempts.Count < MostAttempts)
            Assert.Equal(Engines, attempts.Count(static attempt => attempt.What == What.Breaks));
    }
}
