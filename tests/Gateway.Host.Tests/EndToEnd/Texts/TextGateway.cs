using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Actors.Workers;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;
using Gateway.Host.Serving.Tokens.Planning;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Eventually = Gateway.Host.Tests.Support.Eventually;

namespace Gateway.Host.Tests.EndToEnd.Texts;

/// <summary>The whole gateway over gRPC servers that answer as SGLang does, and that give their tokenizers or do not.</summary>
internal sealed class TextGateway : IAsyncDisposable
{
    private readonly List<StubServer> _servers;
    private readonly string _downloads;

    private TextGateway(WebApplication app, List<StubServer> servers, string downloads)
    {
        App = app;
        _servers = servers;
        _downloads = downloads;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromMinutes(1) };
        View = app.Services.GetRequiredService<RegistryView>();
        Texts = app.Services.GetRequiredService<ModelTexts>();
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public RegistryView View { get; }

    public ModelTexts Texts { get; }

    /// <summary>Starts a gateway over engines; all of them are ready then, whether or not their text is known.</summary>
    public static Task<TextGateway> StartAsync(params FakeSgLang[] engines) => StartAsync(static options => options, engines);

    public static async Task<TextGateway> StartAsync(Func<GatewayOptions, GatewayOptions> configure, params FakeSgLang[] engines)
    {
        var servers = new List<StubServer>();
        foreach (var engine in engines)
            servers.Add(await GrpcServer.StartAsync(engine));
        var gateway = await StartAsync(configure, [.. servers.Select(static server => $"grpc://127.0.0.1:{server.Port}")]);
        gateway._servers.AddRange(servers);
        return gateway;
    }

    public static async Task<TextGateway> StartAsync(Func<GatewayOptions, GatewayOptions> configure, string[] urls)
    {
        var downloads = Directory.CreateTempSubdirectory("downloads-").FullName;
        var app = GatewayApplication.Create(configure(new GatewayOptions
        {
            Listen = new ListenOptions { Host = "127.0.0.1", Port = 0 },
            Fleet = new FleetOptions { Policy = "round_robin", WorkerUrls = [.. urls.Select(static url => WorkerUrl.Parse(url))] },
            Text = new TextOptions { DownloadFolder = downloads },
            Health = LiveGateway.QuickHealth,
            Log = new LogOptions { Level = "error" },
        }));
        await app.StartAsync();
        var gateway = new TextGateway(app, [], downloads);
        await Eventually.HoldsAsync(() => gateway.Ready >= urls.Length, "all engines are ready");
        return gateway;
    }

    public int Ready => View.Current.Workers.Values.Count(static entry => entry.State == WorkerState.Ready);

    /// <summary>Keeps what the gateway logs from now on, from warnings up.</summary>
    public CapturedLogs CaptureLogs()
    {
        var logs = new CapturedLogs();
        var filters = App.Services.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>().CurrentValue;
        filters.Rules.Add(new LoggerFilterRule(typeof(CapturedLogs).FullName, "Gateway.Host", LogLevel.Warning, null));
        filters.Rules.Add(new LoggerFilterRule(typeof(CapturedLogs).FullName, null, LogLevel.None, null));
        App.Services.GetRequiredService<ILoggerFactory>().AddProvider(logs);
        return logs;
    }

    public Task UntilKnownAsync(string model = "m") => Eventually.HoldsAsync(
        () => View.Current.Models.GetValueOrDefault(model) is { } found && Texts.Find(found) is not null, $"the text of {model} is known");

    public Task<HttpResponseMessage> CompleteAsync(string prompt = "Hi", string model = "m") =>
        PostAsync("/v1/completions", JsonSerializer.Serialize(new { model, prompt }));

    public Task<HttpResponseMessage> PostAsync(string path, string json) =>
        Client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<JsonElement> AskAsync(string path, string json) => AnswerAsync(PostAsync(path, json), HttpStatusCode.OK);

    public Task<JsonElement> GetAsync(string path) => AnswerAsync(Client.GetAsync(new Uri(path, UriKind.Relative)), HttpStatusCode.OK);

    public static async Task<JsonElement> AnswerAsync(Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        return JsonElement.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        foreach (var server in _servers)
            await server.DisposeAsync();
        Directory.Delete(_downloads, recursive: true);
    }
}
