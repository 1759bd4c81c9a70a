using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Admission;

/// <summary>The caps of the gateway and of a model, as they follow the fleet.</summary>
public sealed class FleetCapTests : IAsyncDisposable
{
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<EngineStandIn> _engines = [];

    [Fact]
    public async Task Caps_follow_what_the_workers_say_they_run_at_once_up_to_what_is_configured()
    {
        await using var gateway = await StartAsync(1, new LimitOptions { MaxConcurrentRequests = 50, MaxConcurrentRequestsPerModel = 40 });
        await HoldsAsync(gateway, all: 50, model: 40);

        gateway.TellFacts(Runs(16));
        await HoldsAsync(gateway, all: 16, model: 16);
        gateway.TellFacts(Runs(45));
        await HoldsAsync(gateway, all: 45, model: 40);
        gateway.TellFacts(Runs(64));
        await HoldsAsync(gateway, all: 50, model: 40);

        gateway.TellFacts(Runs(null));
        await HoldsAsync(gateway, all: 50, model: 40);
        gateway.Publish([]);
        await HoldsAsync(gateway, all: 50, model: 40);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    [InlineData(null, 40)]
    public async Task A_model_may_have_a_cap_of_its_own_instead_of_that_for_every_model(int? own, int expected)
    {
        await using var gateway = await StartAsync(
            1,
            new LimitOptions { MaxConcurrentRequests = 50, MaxConcurrentRequestsPerModel = 40 },
            new ModelOptions { Id = TestGateway.Model, MaxConcurrentRequests = own });

        await HoldsAsync(gateway, all: 50, model: expected);
    }

    [Fact]
    public async Task A_worker_that_joins_is_put_to_use_by_requests_that_wait_already()
    {
        await using var gateway = await StartAsync(1, new LimitOptions());
        gateway.TellFacts(Runs(1));
        await HoldsAsync(gateway, all: 1, model: 1);
        Task<HttpResponseMessage>[] requests = [gateway.ChatAsync(), gateway.ChatAsync(), gateway.ChatAsync()];
        await Eventually.HoldsAsync(() => (gateway.Queue.Running, gateway.Queue.Waiting) == (1, 2), "two wait");

        gateway.Add((await AddEngineAsync()).Url, maxRunning: 1);

        await Eventually.HoldsAsync(() => (gateway.Queue.Running, gateway.Queue.Waiting) == (2, 1), "one of them runs");
        await HoldsAsync(gateway, all: 2, model: 2);
        await EndAsync(requests);
    }

    [Fact]
    public async Task Requests_on_a_worker_that_leaves_keep_nobody_from_those_that_stay()
    {
        await using var gateway = await StartAsync(2, new LimitOptions());
        gateway.TellFacts(Runs(2));
        gateway.TellFacts(Runs(1), worker: 1);
        await HoldsAsync(gateway, all: 3, model: 3);
        gateway.Publish([gateway.Workers[0]]);
        await HoldsAsync(gateway, all: 2, model: 2);
        Task<HttpResponseMessage>[] old = [gateway.ChatAsync(), gateway.ChatAsync()];
        await Eventually.HoldsAsync(() => gateway.Workers[0].Load == 2, "both run on the first worker");

        gateway.Publish([gateway.Workers[1]]);
        Task<HttpResponseMessage>[] young = [gateway.ChatAsync(), gateway.ChatAsync()];

        await Eventually.HoldsAsync(() => gateway.Workers[1].Load == 1 && gateway.Queue.Waiting == 1, "one runs on the second worker and one waits");
        await HoldsAsync(gateway, all: 3, model: 3);
        await EndAsync([.. old, .. young]);
        await HoldsAsync(gateway, all: 1, model: 1);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines)
            await engine.DisposeAsync();
    }

    private static WorkerFacts Runs(int? most) => new() { Mode = ConnectionMode.Http, MaxRunningRequests = most };

    private static Task HoldsAsync(TestGateway gateway, int all, int model) => Eventually.HoldsAsync(
        () => (gateway.Queue.Limit, gateway.Limits.Of(gateway.CurrentModel).Limit) == (all, model), $"the caps are {all} and {model}");

    private async Task<TestGateway> StartAsync(int engines, LimitOptions limits, params ModelOptions[] models)
    {
        for (var i = 0; i < engines; i++)
            await AddEngineAsync();
        return await TestGateway.StartAsync(new GatewayOptions { Limits = limits, Models = [.. models] }, [.. _engines]);
    }

    private async Task<EngineStandIn> AddEngineAsync()
    {
        var engine = await EngineStandIn.StartAsync(async context =>
        {
            await _go.Task;
            await EngineStandIn.AnswerJsonAsync(context, "{}");
        });
        _engines.Add(engine);
        return engine;
    }

    private async Task EndAsync(Task<HttpResponseMessage>[] requests)
    {
        _go.SetResult();
        foreach (var request in requests)
        {
            using var answer = await request;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }
}
