using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Api;
using Gateway.Host.Configuration;
using Gateway.Host.Serving;
using Gateway.Host.Serving.Retries;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.Serving.Cancellation;

/// <summary>How a request ended.</summary>
/// <param name="Status">As in the access log: 499 if the client went before it had its answer.</param>
/// <param name="Text">What the client got.</param>
/// <param name="WasCutOff">Whether its connection was broken.</param>
internal sealed record End(int Status, string Text, bool WasCutOff);

/// <summary>
/// The request path of a gateway, from its envelope on, with clients, engines and time in the hands of the test. After each request it
/// looks whether anything is left of it.
/// </summary>
internal sealed partial class RequestScene : IAsyncDisposable
{
    /// <summary>Only ends a run in which a request waits for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Situation _situation;
    private readonly TestGateway _gateway;
    private readonly StepTime _time;
    private readonly RequestEnvelope _envelope;
    private readonly PoolWatch _pools = new();

    private RequestScene(Situation situation, TestGateway gateway, StepTime time)
    {
        _situation = situation;
        _gateway = gateway;
        _time = time;
        var endpoint = ServedEndpoint.Generation[0];
        _envelope = ActivatorUtilities.CreateInstance<RequestEnvelope>(
            gateway.Services, gateway.Services.GetRequiredService<RequestCorridor>().Generation(endpoint));
    }

    public static async Task<RequestScene> StartAsync(Situation situation)
    {
        var time = new StepTime(Situation.Timers);
        var options = new GatewayOptions
        {
            Limits = new LimitOptions { MaxConcurrentRequests = 1, MaxConcurrentRequestsPerModel = 8, QueueTimeout = Situation.QueueTimeout },
            Tenants = [new TenantOptions { Name = "tenant", ApiKey = new Secret("key"), MaxConcurrent = 8, TokensPerMinute = int.MaxValue }],
        };
        return new RequestScene(situation, await TestGateway.StartAsync(time, situation.Configure(options)), time);
    }

    /// <summary>Serves one request, on workers that nothing is known of yet.</summary>
    public async Task<End> RunAsync(Steps steps)
    {
        var engine = new ScriptedEngine(steps, _situation.Script);
        Worker[] workers = [.. Enumerable.Range(0, _situation.Workers).Select(_ => _gateway.Add("http://engine.invalid", connections: new Wire(engine)))];
        if (_situation.Workers == 0)
            _gateway.Add("http://engine.invalid", connections: new Wire(engine));
        _gateway.Publish(workers);
        _gateway.Logs.Lines.Clear();
        var blocker = _situation.Waits ? new Seat(new Tenant { Name = "blocker" }, null) : default;
        if (_situation.Waits)
            Assert.True(_gateway.Queue.TryEnter(blocker));
        var budget = _gateway.Services.GetRequiredService<RetryBudget>();
        var retriesBefore = budget.RecentRetries;
        var client = new ScriptedClient(steps, TestGateway.ChatBody(_situation.Streams));
        client.Context.Request.Headers.Authorization = "Bearer key";
        _time.Begin(steps, instead: place => place == "queue" ? () => _gateway.Queue.Leave(blocker) : null);

        var journal = await Task.Run(() => ServeAsync(client.Context)).WaitAsync(Patience);

        if (_situation.Waits && !await _time.HasRungAsync("queue"))
            _gateway.Queue.Leave(blocker);
        await AssertEnginesAreLeftAsync(engine, journal, steps);
        var line = Access().Match(Assert.Single(_gateway.Logs.Lines, static line => line.Contains("AccessLog", StringComparison.Ordinal)));
        Assert.True(line.Success, $"the access log has another form: {steps}");
        var attempts = int.Parse(line.Groups["attempts"].Value, CultureInfo.InvariantCulture);
        AssertNothingIsCounted(workers, steps);
        // Whoever leaves in the pause, or just before, has paid for the attempt that it does not get any more.
        var retries = budget.RecentRetries - retriesBefore;
        Assert.True(
            retries == Math.Max(attempts - 1, 0) || (retries == attempts && steps.ClientIsGone && steps.Places[^1] is "pause" or "read"),
            $"{retries} retries, {attempts} attempts: {steps}");
        if (Situation.Sound.Values.Contains(_situation))
            Assert.All(workers, worker => Assert.Equal((0, false), (worker.Breaker.ConsecutiveFailures, worker.ConsumeSuspicion())));
        return new End(int.Parse(line.Groups["status"].Value, CultureInfo.InvariantCulture), client.Text, client.WasCutOff);
    }

    public ValueTask DisposeAsync()
    {
        _pools.Dispose();
        return _gateway.DisposeAsync();
    }

    private async Task<PoolJournal> ServeAsync(HttpContext context)
    {
        var journal = PoolWatch.Begin();
        await _envelope.InvokeAsync(context);
        return journal;
    }

    private static async Task AssertEnginesAreLeftAsync(ScriptedEngine engine, PoolJournal journal, Steps steps)
    {
        Assert.All(engine.Generations, generation => Assert.True(generation.IsOver, $"an engine works on: {steps}"));
        Assert.All(engine.Generations, generation => Assert.False(generation.CameTooLate, $"an engine was asked for a client that is gone: {steps}"));
        foreach (var generation in engine.Generations)
        {
            generation.MayTakeTheRest.SetResult();
            await generation.Sending;
        }

        Assert.True(journal.Taken > 0, "the pools say nothing");
        Assert.True(journal.Mistakes.Count == 0, $"{string.Join(", ", journal.Mistakes)}: {steps}");
    }

    private void AssertNothingIsCounted(Worker[] workers, Steps steps)
    {
        var tenant = _gateway.Services.GetRequiredService<TenantDirectory>().Find("key"u8)!.Tenant.Concurrency!;
        var model = _gateway.Services.GetRequiredService<ModelLimits>().Of(_gateway.CurrentModel);
        (string Of, long Count)[] counts =
        [
            .. workers.SelectMany(static worker => new (string, long)[] { ("load", worker.Load), ("prompts", worker.PendingPromptBytes) }),
            ("gate", _gateway.Gate.InFlight),
            ("queue", _gateway.Queue.Running + _gateway.Queue.Waiting),
            ("tenant", tenant.Running),
            ("model", model.Running),
            ("waiters", (tenant.HasWaiters ? 1 : 0) + (model.HasWaiters ? 1 : 0)),
        ];
        Assert.All(counts, count => Assert.True(count.Count == 0, $"{count}: {steps}"));
    }

    [GeneratedRegex(@" (?<status>\d{3}) (Complete|Interrupted|ClientGone) .* attempts=(?<attempts>\d+) ")]
    private static partial Regex Access();

    /// <summary>The connection of a worker to the scripted engines.</summary>
    private sealed class Wire(ScriptedEngine engine) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            engine.SendAsync(request, cancellationToken);
    }
}
