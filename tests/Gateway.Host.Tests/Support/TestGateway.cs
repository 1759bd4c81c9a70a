using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;
using Gateway.Host.Listener;
using Gateway.Host.Observability.Metrics;
using Gateway.Host.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Host.Tests.Support;

/// <summary>
/// The request path on a real socket, over a registry that the test fills by hand. When it is disposed of,
/// nothing may be left in flight.
/// </summary>
internal sealed class TestGateway : IAsyncDisposable
{
    public const string Model = "org/llama-3.1";
    public const string Alias = "llama";

    /// <summary>Kept, so that nobody else gets their ports.</summary>
    private static readonly ConcurrentBag<Socket> Refusing = [];

    private readonly WebApplication _app;
    private readonly RegistryPublisher _publisher;
    private readonly List<Worker> _workers = [];
    private readonly Dictionary<string, ModelPolicies> _policies = [];

    private TestGateway(WebApplication app, RegistryPublisher publisher)
    {
        _app = app;
        _publisher = publisher;
    }

    public HttpClient Client { get; private set; } = null!;

    public required Uri Address { get; init; }

    public required CapturedLogs Logs { get; init; }

    public IReadOnlyList<Worker> Workers => _workers;

    public AdmissionGate Gate => _app.Services.GetRequiredService<AdmissionGate>();

    public ModelLimits Limits => _app.Services.GetRequiredService<ModelLimits>();

    public AdmissionQueue Queue => _app.Services.GetRequiredService<AdmissionQueue>();

    public MetricsExport Export => _app.Services.GetRequiredService<MetricsExport>();

    public IServiceProvider Services => _app.Services;

    public static Task<TestGateway> StartAsync(GatewayOptions? options = null, params EngineStandIn[] engines) =>
        StartAsync(TimeProvider.System, options, engines);

    public static async Task<TestGateway> StartAsync(TimeProvider time, GatewayOptions? options = null, params EngineStandIn[] engines)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddListener(new ListenOptions { Host = "127.0.0.1", Port = 0 });
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(options ?? new GatewayOptions());
        builder.Services.AddSingleton(RegistryView.Create(out var publisher));
        builder.Services.AddServing();
        var logs = new CapturedLogs();
        builder.Logging.ClearProviders().AddProvider(logs);
        var app = builder.Build();
        app.MapServing();
        await app.StartAsync();
        var gateway = new TestGateway(app, publisher)
        {
            Logs = logs,
            Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        };
        gateway.Client = new HttpClient { BaseAddress = gateway.Address, Timeout = Eventually.Limit };
        foreach (var engine in engines)
            gateway.Add(engine.Url);
        return gateway;
    }

    /// <summary>Adds a Ready worker and publishes.</summary>
    /// <param name="url">Where it is.</param>
    /// <param name="change">What is special about it.</param>
    /// <param name="runtime">What its engine has told of itself.</param>
    /// <param name="maxRunning">The same; null if it has not told.</param>
    /// <param name="connections">What is at the other end; null connects to the URL.</param>
    public Worker Add(
        string url,
        Func<WorkerSpec, WorkerSpec>? change = null,
        EngineRuntime runtime = EngineRuntime.Unspecified,
        int? maxRunning = null,
        HttpMessageHandler? connections = null)
    {
        var spec = new WorkerSpec { Url = WorkerUrl.Parse(url), Models = [new ModelCard(Model, [Alias])] };
        spec = change?.Invoke(spec) ?? spec;
        var facts = new WorkerFacts { Mode = ConnectionMode.Http, Runtime = runtime, MaxRunningRequests = maxRunning };
        var worker = new Worker(new WorkerId(Guid.NewGuid()), _workers.Count + 1, 1, spec, facts, BreakerSettings.Default, TimeProvider.System);
        worker.TryAdopt(connections is null
            ? new HttpEngineClient(spec.Url.Address, TimeSpan.FromSeconds(5))
            : new HttpEngineClient(spec.Url.Address, connections));
        _workers.Add(worker);
        Publish(_workers);
        return worker;
    }

    /// <summary>Publishes that a worker's engine has told this of itself.</summary>
    public void TellFacts(WorkerFacts facts, int worker = 0)
    {
        _workers[worker] = _workers[worker].WithFacts(facts);
        Publish(_workers);
    }

    public ModelSnapshot CurrentModel => _publisher.View.Current.FindModel(Encoding.UTF8.GetBytes(Model))!;

    /// <summary>Publishes that these workers are Ready; the models of the others stay, without a worker.</summary>
    public void Publish(IReadOnlyCollection<Worker> ready)
    {
        var version = _publisher.View.Current.Version + 1;
        var named = new Dictionary<string, ModelSnapshot?>();
        var models = ImmutableSortedDictionary.CreateBuilder<string, ModelSnapshot>(StringComparer.Ordinal);
        ModelSnapshot? wildcard = null;
        foreach (var card in _workers.SelectMany(worker => worker.Models).DistinctBy(card => card.Id))
        {
            if (!_policies.TryGetValue(card.Id, out var policies))
                _policies[card.Id] = policies = new ModelPolicies(RoundRobin(), RoundRobin(), RoundRobin());
            var model = new ModelSnapshot(
                card, version, policies, [.. ready.Where(worker => worker.Models.Any(served => served.Id == card.Id))]);
            if (card.IsWildcard)
            {
                wildcard = model;
                continue;
            }

            models[card.Id] = model;
            named[card.Id] = model;
            foreach (var alias in card.Aliases)
                named[alias] = model;
        }

        _publisher.Publish(new RegistrySnapshot(
            version,
            ModelTable.Empty.With(named),
            wildcard,
            models.ToImmutable(),
            _workers.ToImmutableDictionary(
                worker => worker.Id,
                worker => new WorkerEntry(
                    worker, ready.Contains(worker) ? WorkerState.Ready : WorkerState.NotReady, "", DateTimeOffset.UnixEpoch, WorkerOrigin.Api, worker.Epoch))));
    }

    private static PolicyInUse RoundRobin() => new(new PolicyChoice("round_robin", PolicySource.Default), new RoundRobinPolicy());

    public Task<HttpResponseMessage> PostAsync(string path, string json, Action<HttpRequestMessage>? change = null)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        change?.Invoke(message);
        return Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<HttpResponseMessage> ChatAsync(bool stream = false, string model = Model, Action<HttpRequestMessage>? change = null) =>
        PostAsync("/v1/chat/completions", ChatBody(stream, model), change);

    public static string ChatBody(bool stream = false, string model = Model) =>
        $$"""{"messages":[{"role":"user","content":"hi"}],"model":"{{model}}","stream":{{(stream ? "true" : "false")}}}""";

    /// <summary>Stops the application; completes when it has stopped.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>A port that is taken, but on which nobody listens: one that is only free is soon another test's.</summary>
    public static string RefusingUrl()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Refusing.Add(socket);
        return $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}";
    }

    /// <summary>Waits for the request path to let go of everything; fails the test if it does not.</summary>
    public async Task AssertNothingInFlightAsync()
    {
        var patience = DateTime.UtcNow + Eventually.Limit;
        while ((Gate.InFlight != 0 || _workers.Exists(worker => worker.Load != 0)) && DateTime.UtcNow < patience)
            await Task.Delay(1);
        Assert.Equal(0, Gate.InFlight);
        Assert.Equal(0, Queue.Running);
        Assert.Equal(0, Queue.Waiting);
        Assert.All(_workers, worker => Assert.Equal(0, worker.Load));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await AssertNothingInFlightAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        foreach (var worker in _workers)
            worker.Client?.Dispose();
    }
}
