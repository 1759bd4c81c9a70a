using System.Diagnostics;
using System.Globalization;
using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;
using Gateway.Host.Serving.Retries;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>Engines fail in every way they can, in an order drawn from a seed, while clients go on asking.</summary>
public sealed class FaultRunTests(ITestOutputHelper output)
{
    private const int Engines = 8;
    private const int Clients = 24;

    private const int MostFaulty = 3;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(80);

    /// <summary>A token takes half of what it takes on a real engine, so that more requests meet the faults.</summary>
    private static readonly EngineTimings Timings = EngineTimings.Default with { BaseInterTokenLatency = TimeSpan.FromMilliseconds(4) };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task No_client_sees_an_error_that_a_retry_could_have_spared(int seed) => RunAsync(seed, budgetRatio: 1, budgetFloor: 10);

    [Fact]
    public Task No_client_sees_an_error_that_a_retry_could_have_spared_whatever_the_seed() => RunAsync(
        Environment.GetEnvironmentVariable("FAULT_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next(),
        budgetRatio: 1,
        budgetFloor: 10);

    [Fact]
    public Task When_the_budget_is_small_it_is_all_that_is_spent_and_each_refusal_is_one_error() => RunAsync(seed: 3, budgetRatio: 0.05, budgetFloor: 0.5);

    /// <summary>
    /// One engine is never broken. It is therefore eligible for every request at every moment, and answers whatever it is asked: as long as a
    /// request has not been there, an untried worker is eligible. Hence the strictest form of the rules about where attempts go can be
    /// decided from outside, without knowing what any snapshot or breaker said at any moment: <b>no request is sent to the same worker
    /// twice</b>, be it one where its connection failed or one that answered with an error. What happens when all were asked, AttemptOrderTests say.
    /// </summary>
    private async Task RunAsync(int seed, double budgetRatio, double budgetFloor)
    {
        output.WriteLine($"FAULT_SEED={seed}");
        await using var gateway = await LiveGateway.StartAsync(
            Engines,
            options => Configure(options) with
            {
                Retry = Configure(options).Retry with { BudgetRatio = budgetRatio, BudgetMinPerSecond = budgetFloor },
            },
            Timings);
        var record = new AttemptRecord(gateway);
        var faults = new FaultSchedule(gateway.Engines.Workers, MostFaulty, new Random(seed));
        var workers = new HashSet<Worker>();
        var start = Stopwatch.GetTimestamp();
        var load = ClientLoad.Start(gateway, Clients, streamTokens: 40);
        for (var until = DateTime.UtcNow + Duration; DateTime.UtcNow < until;)
        {
            await faults.StepAsync();
            workers.UnionWith(gateway.View.Current.Workers.Values.Select(static entry => entry.Worker));
            await Task.Delay(Step);
        }

        await faults.HealAllAsync();
        var answers = await load.StopAsync();
        var elapsed = Stopwatch.GetElapsedTime(start);
        var attempts = await record.ReadAsync(answers.Length);
        var budget = gateway.App.Services.GetRequiredService<RetryBudget>();
        var retries = attempts.Values.Sum(static one => one.Count - 1);
        output.WriteLine($"{answers.Length} answers in {elapsed}, {faults}, {retries} retries, {budget.Refused} refused");
        output.WriteLine(string.Join(", ", answers.CountBy(static answer => (answer.Status, answer.Ending)).Select(static pair => $"{pair.Key}: {pair.Value}")));

        // Where the attempts went.
        Assert.Equal(answers.Length, attempts.Count);
        Assert.All(attempts, one => Assert.True(one.Value.WereEachOnAnotherEngine, $"seed {seed}: {one}"));
        // What the clients saw: nothing that a retry could have spared, but for what the budget refused.
        Assert.DoesNotContain(answers, static answer => answer.Ending == Ending.SilentCut);
        Assert.Contains(answers, static answer => answer is { Status: HttpStatusCode.OK, Ending: Ending.Whole });
        var spared = answers.Where(answer => !CouldNotBeSpared(answer, attempts[answer.Id], faults)).ToArray();
        Assert.True(
            spared.Length == budget.Refused,
            $"seed {seed}: {budget.Refused} retries were refused, and these had errors: {string.Join("; ", spared.Select(answer => $"{answer} after {attempts[answer.Id]}"))}");
        // The budget. Its bound is for 19 of its 20 slices; the run is shorter, unless the machine is very busy.
        var spans = Math.Ceiling(elapsed / (RetryBudget.Window * (RetryBudget.Slices - 1) / RetryBudget.Slices));
        Assert.InRange(retries, 1, spans * ((budgetRatio * answers.Length) + (budgetFloor * RetryBudget.Window.TotalSeconds)));
        Assert.Equal(budgetRatio < 1, budget.Refused > 0);
        // What is left when all is over: nothing.
        await Eventually.HoldsAsync(
            () => workers.All(static worker => worker is { Load: 0, PendingPromptBytes: 0 }), "no incarnation counts a request any more");
        await Eventually.HoldsAsync(() => gateway.Engines.Workers.All(IsAtRest), "no engine works for a client that is gone");
        await AssertGateIsEmptyAsync(gateway);
    }

    /// <summary>True for a whole answer, and for an error of the two kinds that no retry spares, if the engine was broken in a way that explains it.</summary>
    private static bool CouldNotBeSpared(Answer answer, Attempts attempts, FaultSchedule faults) => answer switch
    {
        { Status: HttpStatusCode.OK, Ending: Ending.Whole } => true,
        // It broke after its first byte.
        { Status: HttpStatusCode.OK, Ending: Ending.ErrorEvent } => attempts.Visits.Any(
            visit => visit.Engine.Name == answer.Engine && faults.Struck(visit.Engine, visit.At, answer.Ended, "cut", "stall", "crash")),
        // A worker was silent until the time for the first byte was over: the request's time is then used up.
        { Status: HttpStatusCode.GatewayTimeout, Engine: "" } => attempts.Visits.Any(
            visit => faults.Struck(visit.Engine, visit.At, answer.Ended, "hang", "stall", "slow")),
        _ => false,
    };

    [Fact]
    public async Task An_outage_multiplies_its_own_load_by_no_more_than_the_budget()
    {
        const int Requests = 300;
        const double Ratio = 0.2;
        await using var gateway = await LiveGateway.StartAsync(Engines, options => options with
        {
            Retry = options.Retry with { BudgetRatio = Ratio, BudgetMinPerSecond = 1 },
            Breaker = options.Breaker with { Disabled = true },
        });
        foreach (var engine in gateway.Engines.Workers)
            engine.Faults.FailRequests(500);

        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, stop) =>
        {
            using var answer = await gateway.Client.PostAsync(
                new Uri("/v1/chat/completions", UriKind.Relative), ClientLoad.Request(stream: false, maxTokens: 2), stop);
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            Assert.Contains("simulated_fault", await answer.Content.ReadAsStringAsync(stop), StringComparison.Ordinal);
        });

        var attempts = gateway.Engines.Workers.Sum(static engine => engine.Stats.FaultsInjected);
        Assert.InRange(attempts, Requests + 1, Requests * (1 + Ratio) + RetryBudget.Window.TotalSeconds);
        Assert.NotEqual(0, gateway.App.Services.GetRequiredService<RetryBudget>().Refused);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_client_that_leaves_at_any_moment_leaves_nothing_behind(int seed)
    {
        await using var gateway = await LiveGateway.StartAsync(3, Configure, EngineTimings.Fast);
        gateway.Engines.Workers[0].Faults.FailRequests(429, share: 0.5);
        gateway.Engines.Workers[1].Faults.FailRequests(500, share: 0.5, retryAfter: TimeSpan.FromSeconds(1));
        gateway.Engines.Workers[2].Faults.CutAfterEvents(5, share: 0.3);
        var random = new Random(seed);
        var left = 0;
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            TimeSpan patience;
            lock (random)
                patience = TimeSpan.FromMilliseconds(60 * random.NextDouble());
            using var client = new CancellationTokenSource(patience);
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = ClientLoad.Request(i % 2 == 0, maxTokens: 30) };
                using var answer = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, client.Token);
                await answer.Content.ReadAsStringAsync(client.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException)
            {
                Interlocked.Increment(ref left);
            }
        });

        Assert.NotEqual(0, left);
        await Eventually.HoldsAsync(
            () => gateway.View.Current.Workers.Values.All(static entry => entry.Worker.Load == 0), "no request is counted any more");
        await Eventually.HoldsAsync(() => gateway.Engines.Workers.All(IsAtRest), "every generation has ended");
        await AssertGateIsEmptyAsync(gateway);
    }

    private static async Task AssertGateIsEmptyAsync(LiveGateway gateway)
    {
        var queue = gateway.App.Services.GetRequiredService<AdmissionQueue>();
        await Eventually.HoldsAsync(() => gateway.App.Services.GetRequiredService<AdmissionGate>().InFlight == 0, "the gateway is empty");
        Assert.Equal((0, 0), (queue.Running, queue.Waiting));
    }

    private static GatewayOptions Configure(GatewayOptions options) => options with
    {
        Retry = options.Retry with { MaxAttempts = Engines, BudgetRatio = 1, InitialBackoff = TimeSpan.FromMilliseconds(10) },
        Breaker = options.Breaker with { OpenDuration = TimeSpan.FromMilliseconds(300) },
        Timeouts = options.Timeouts with { FirstByte = TimeSpan.FromSeconds(3), Idle = TimeSpan.FromSeconds(2) },
    };

    private static bool IsAtRest(SimulatedWorker engine) =>
        engine.Stats is { Running: 0, Waiting: 0 } stats && stats.Started == stats.Finished + stats.Aborted + stats.Failed;
}
