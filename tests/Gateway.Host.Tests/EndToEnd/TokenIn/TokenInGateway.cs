using System.Text;
using System.Text.Json;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Actors.Workers;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;
using Gateway.Wire.SgLang;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Eventually = Gateway.Host.Tests.Support.Eventually;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>
/// The whole gateway over real gRPC servers that answer as SGLang does. Its model has a chat template in the manner of Qwen's, and in its
/// tokenizer a token is a byte, and its id the byte; from 256 on there are special tokens.
/// </summary>
internal sealed class TokenInGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<StubServer> _servers;
    private readonly string _model;

    private TokenInGateway(WebApplication app, List<StubServer> servers, List<FakeSgLang> engines, string model)
    {
        _app = app;
        _servers = servers;
        _model = model;
        Engines = engines;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromMinutes(1) };
        View = app.Services.GetRequiredService<RegistryView>();
    }

    public IReadOnlyList<FakeSgLang> Engines { get; }

    public HttpClient Client { get; }

    public RegistryView View { get; }

    /// <param name="engines">How many.</param>
    /// <param name="knowsTokens">False for a gateway that has no tokenizer.</param>
    /// <param name="text">How answers are read; the tokenizer's path is filled in.</param>
    /// <param name="prepare">What is to be said of the engines before they start.</param>
    /// <param name="pairs">True for a model that takes pairs of texts, between the bytes 1 and 2 as BERT has them between [CLS] and [SEP].</param>
    /// <param name="configure">What is special about the gateway.</param>
    public static async Task<TokenInGateway> StartAsync(
        int engines = 1,
        bool knowsTokens = true,
        TextOptions? text = null,
        Action<FakeSgLang>? prepare = null,
        bool pairs = false,
        Func<GatewayOptions, GatewayOptions>? configure = null)
    {
        var model = Directory.CreateTempSubdirectory("byte-model-").FullName;
        await ByteModel.WriteAsync(model, pairs);
        var fakes = Enumerable.Range(0, engines).Select(static _ => new FakeSgLang()).ToList();
        fakes.ForEach(fake => prepare?.Invoke(fake));
        var servers = new List<StubServer>();
        foreach (var fake in fakes)
            servers.Add(await GrpcServer.StartAsync(fake));
        var options = new GatewayOptions
        {
            Listen = new ListenOptions { Host = "127.0.0.1", Port = 0 },
            Fleet = new FleetOptions
            {
                Policy = "round_robin",
                WorkerUrls = [.. servers.Select(static server => WorkerUrl.Parse($"grpc://127.0.0.1:{server.Port}"))],
            },
            Text = (text ?? new TextOptions()) with { TokenizerPath = knowsTokens ? model : null, DisableFetching = true },
            Health = LiveGateway.QuickHealth,
            Log = new LogOptions { Level = "error" },
        };
        var app = GatewayApplication.Create(configure?.Invoke(options) ?? options);
        await app.StartAsync();
        var gateway = new TokenInGateway(app, servers, fakes, model);
        await Eventually.HoldsAsync(
            () => gateway.View.Current.Workers.Values.Count(static entry => entry.State == WorkerState.Ready) == engines, "all engines are ready");
        return gateway;
    }

    /// <summary>One token for each byte.</summary>
    public static uint[] Tokens(string text) => ByteModel.Tokens(text);

    /// <summary>Some tokens of an answer.</summary>
    public static GenerateResponse Chunk(string text, int sum, uint index = 0) => FakeSgLang.Chunk(index, (uint)sum, Tokens(text));

    /// <summary>The end of an answer that has been sent but for this.</summary>
    public static GenerateResponse End(string rest, int sum, uint index = 0) => FakeSgLang.Complete(index, (uint)sum, Tokens(rest));

    public Task<HttpResponseMessage> CompleteAsync(string members, CancellationToken cancellation = default) =>
        PostAsync("/v1/completions", members, cancellation);

    public Task<HttpResponseMessage> ChatAsync(string members, CancellationToken cancellation = default) =>
        PostAsync("/v1/chat/completions", members, cancellation);

    /// <param name="path">The endpoint.</param>
    /// <param name="members">Of the request's object, besides the model.</param>
    /// <param name="cancellation">Makes the client leave.</param>
    public Task<HttpResponseMessage> PostAsync(string path, string members, CancellationToken cancellation = default)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent($$"""{"model":"m",{{members}}}""", Encoding.UTF8, "application/json"),
        };
        return Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public Task NothingIsCountedAsync() => Eventually.HoldsAsync(
        () => View.Current.Workers.Values.All(static entry => entry.Worker is { Load: 0, PendingPromptBytes: 0 }), "no request is counted any more");

    public async ValueTask DisposeAsync()
    {
        await NothingIsCountedAsync();
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        foreach (var server in _servers)
            await server.DisposeAsync();
        Directory.Delete(_model, recursive: true);
    }
}
