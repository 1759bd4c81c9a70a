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

    /// <summary>So that a request always finds a sound engine among those it has not tried.</summary>
    private const int MostFaulty = 3;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(120);

    [Fact]
    public async Task No_client_sees_an_error_that_a_retry_could_have_spared()
    {
        var seed = Environment.GetEnvironmentVariable("FAULT_SEED") is { } given
            ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine($"FAULT_SEED={seed}");
        await using var gateway = await LiveGateway.StartAsync(Engines, Configure);
        var faults = new FaultSchedule(gateway.Engines.Workers, MostFaulty, new Random(seed));
        var workers = new HashSet<Worker>();
        var load = ClientLoad.Start(gateway, Clients);
        for (var until = DateTime.UtcNow + Duration; DateTime.UtcNow < until;)
        {
            await faults.StepAsync();
            workers.UnionWith(gateway.View.Current.Workers.Values.Select(static entry => entry.Worker));
            await Task.Delay(Step);
        }

        await faults.HealAllAsync();
        var answers = await load.StopAsync();

        var budget = gateway.App.Services.GetRequiredService<RetryBudget>();
        output.WriteLine($"{answers.Length} answers, {faults}, {budget.RecentRetries} retries at the end, {budget.Refused} refused");
        output.WriteLine(string.Join(", ", answers.CountBy(static answer => answer).Select(static pair => $"{pair.Key.Status} {pair.Key.Ending}: {pair.Value}")));
        // A worker that is silent until the time is over is the one failure that no retry spares: the time is then used up.
        var timedOut = answers.Count(static answer => answer.Status == HttpStatusCode.GatewayTimeout);
        Assert.True(timedOut <= faults.Silences, $"seed {seed}: {timedOut} timed out, {faults.Silences} were left without an answer");
        Assert.All(answers, answer => Assert.True(
            answer.Status is HttpStatusCode.OK or HttpStatusCode.GatewayTimeout && answer.Ending != Ending.SilentCut, $"seed {seed}: {answer}"));
        Assert.Contains(answers, static answer => answer.Ending == Ending.Whole);
        Assert.Equal(0, budget.Refused);
        await Eventually.HoldsAsync(() => workers.All(static worker => worker.Load == 0), "no incarnation counts a request any more");
        await Eventually.HoldsAsync(() => gateway.Engines.Workers.All(IsAtRest), "no engine works for a client that is gone");
    }

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
        await Eventually.HoldsAsync(
            () => gateway.App.Services.GetRequiredService<AdmissionGate>().InFlight == 0, "the gateway is empty");
    }

    private static GatewayOptions Configure(GatewayOptions options) => options with
    {
        Retry = options.Retry with { MaxAttempts = Engines, BudgetRatio = 1, InitialBackoff = TimeSpan.FromMilliseconds(10) },
        Breaker = options.Breaker with { OpenDuration = TimeSpan.FromMilliseconds(300) },
        Timeouts = options.Timeouts with { FirstByte = TimeSpan.FromSeconds(3), Idle = TimeSpan.FromSeconds(1) },
    };

    private static bool IsAtRest(SimulatedWorker engine) =>
        engine.Stats is { Running: 0, Waiting: 0 } stats && stats.Started == stats.Finished + stats.Aborted + stats.Failed;
}
