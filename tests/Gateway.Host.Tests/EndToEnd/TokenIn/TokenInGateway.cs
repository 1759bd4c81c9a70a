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

/// <summary>The whole gateway over real gRPC servers that answer as SGLang does. In its model's tokenizer a token is a byte, and its id the byte.</summary>
internal sealed class TokenInGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<StubServer> _servers;
    private readonly string _tokenizer;

    private TokenInGateway(WebApplication app, List<StubServer> servers, List<FakeSgLang> engines, string tokenizer)
    {
        _app = app;
        _servers = servers;
        _tokenizer = tokenizer;
        Engines = engines;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromMinutes(1) };
        View = app.Services.GetRequiredService<RegistryView>();
    }

    public IReadOnlyList<FakeSgLang> Engines { get; }

    public HttpClient Client { get; }

    public RegistryView View { get; }

    public static async Task<TokenInGateway> StartAsync(int engines = 1, bool knowsTokens = true)
    {
        var tokenizer = Path.Combine(Path.GetTempPath(), $"bytes-{Guid.NewGuid():n}.json");
        await File.WriteAllTextAsync(tokenizer, ByteTokenizer());
        var fakes = Enumerable.Range(0, engines).Select(static _ => new FakeSgLang()).ToList();
        var servers = new List<StubServer>();
        foreach (var fake in fakes)
            servers.Add(await GrpcServer.StartAsync(fake));
        var app = GatewayApplication.Create(new GatewayOptions
        {
            Listen = new ListenOptions { Host = "127.0.0.1", Port = 0 },
            Fleet = new FleetOptions
            {
                Policy = "round_robin",
                WorkerUrls = [.. servers.Select(static server => WorkerUrl.Parse($"grpc://127.0.0.1:{server.Port}"))],
            },
            Text = new TextOptions { TokenizerPath = knowsTokens ? tokenizer : null },
            Health = LiveGateway.QuickHealth,
            Log = new LogOptions { Level = "error" },
        });
        await app.StartAsync();
        var gateway = new TokenInGateway(app, servers, fakes, tokenizer);
        await Eventually.HoldsAsync(
            () => gateway.View.Current.Workers.Values.Count(static entry => entry.State == WorkerState.Ready) == engines, "all engines are ready");
        return gateway;
    }

    /// <summary>One token for each byte.</summary>
    public static uint[] Tokens(string text) => [.. Encoding.UTF8.GetBytes(text).Select(static value => (uint)value)];

    /// <summary>Some tokens of an answer.</summary>
    public static GenerateResponse Chunk(string text, int sum, uint index = 0) => FakeSgLang.Chunk(index, (uint)sum, Tokens(text));

    /// <summary>The end of an answer that has been sent but for this.</summary>
    public static GenerateResponse End(string rest, int sum, uint index = 0) => FakeSgLang.Complete(index, (uint)sum, Tokens(rest));

    public Task<HttpResponseMessage> CompleteAsync(string members, CancellationToken cancellation = default)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
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
        File.Delete(_tokenizer);
    }

    /// <summary>The byte-level alphabet of GPT-2 without any merge: what prints stands for itself, the rest from U+0100 on.</summary>
    public static string ByteTokenizer()
    {
        var vocabulary = new Dictionary<string, int>();
        var next = 0x100;
        for (var value = 0; value < 256; value++)
        {
            var prints = value is (>= '!' and <= '~') or (>= 0xa1 and <= 0xac) or (>= 0xae and <= 0xff);
            vocabulary[((char)(prints ? value : next++)).ToString()] = value;
        }

        return JsonSerializer.Serialize(new
        {
            added_tokens = Array.Empty<object>(),
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = true },
            decoder = new { type = "ByteLevel" },
            model = new { type = "BPE", vocab = vocabulary, merges = Array.Empty<string>() },
        });
    }
}
