using System.Text;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>Kinds of pairs over gRPC.</summary>
public enum PairKind
{
    SgLang,
    VllmOverNixl,
    VllmOverMooncake,
}

/// <summary>A whole gateway over simulated engines that speak gRPC. In their model's tokenizer a token is a byte.</summary>
internal sealed class TokenPairGateway : IAsyncDisposable
{
    private readonly string _tokenizer;

    private TokenPairGateway(LiveGateway live, string tokenizer)
    {
        Live = live;
        _tokenizer = tokenizer;
    }

    public LiveGateway Live { get; }

    public SimulatedWorker[] Prefill => [.. Of(SimulatorRole.Prefill)];

    public SimulatedWorker[] Decode => [.. Of(SimulatorRole.Decode)];

    /// <summary>So many engines for each half of a generation.</summary>
    public static Task<TokenPairGateway> StartAsync(
        PairKind kind, int prefill = 1, int decode = 1, Func<GatewayOptions, GatewayOptions>? configure = null, Func<SimulatorOptions, SimulatorOptions>? engine = null)
    {
        var options = Engine(kind, engine);
        return StartAsync(
            [
                .. Enumerable.Range(0, prefill).Select(i => options with { Role = SimulatorRole.Prefill, Name = $"prefill-{i}" }),
                .. Enumerable.Range(0, decode).Select(i => options with { Role = SimulatorRole.Decode, Name = $"decode-{i}" }),
            ],
            configure);
    }

    /// <summary>An engine that does it all.</summary>
    public static Task<TokenPairGateway> StartAloneAsync(PairKind kind) => StartAsync([Engine(kind, null)], configure: null);

    public static async Task<TokenPairGateway> StartAsync(IReadOnlyList<SimulatorOptions> engines, Func<GatewayOptions, GatewayOptions>? configure)
    {
        var tokenizer = Path.Combine(Path.GetTempPath(), $"bytes-{Guid.NewGuid():n}.json");
        await File.WriteAllTextAsync(tokenizer, ByteTokenizer.Json());
        var live = await LiveGateway.StartAsync(
            await SimulatedFleet.StartAsync(engines),
            options => (configure?.Invoke(options) ?? options) with { Text = new TextOptions { TokenizerPath = tokenizer } });
        return new TokenPairGateway(live, tokenizer);
    }

    public static SimulatorOptions Engine(PairKind kind, Func<SimulatorOptions, SimulatorOptions>? configure)
    {
        var options = new SimulatorOptions
        {
            Protocol = SimulatorProtocol.Grpc,
            Runtime = kind == PairKind.SgLang ? SimulatedRuntime.SgLang : SimulatedRuntime.Vllm,
            KvConnector = kind == PairKind.VllmOverMooncake ? SimulatedKvConnector.Mooncake : SimulatedKvConnector.Nixl,
            Tokenizer = static text => [.. Encoding.UTF8.GetBytes(text).Select(static value => (int)value)],
            Timings = EngineTimings.Fast,
            BootstrapTimeout = TimeSpan.FromSeconds(5),
        };
        return configure?.Invoke(options) ?? options;
    }

    public Task<HttpResponseMessage> CompleteAsync(string members, CancellationToken cancellation = default)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = new StringContent($$"""{"model":"sim-8b",{{members}}}""", Encoding.UTF8, "application/json"),
        };
        return Live.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public async Task ComesToRestAsync()
    {
        await Eventually.HoldsAsync(
            () => Live.View.Current.Workers.Values.All(static entry => entry.Worker is { Load: 0, PendingPromptBytes: 0 }), "no request is counted any more");
        await Eventually.HoldsAsync(
            () => Live.Engines.Workers.All(static engine => engine.Stats is { Running: 0, Waiting: 0, RoomsOpen: 0 }), "no engine works any more");
    }

    public async ValueTask DisposeAsync()
    {
        await Live.DisposeAsync();
        File.Delete(_tokenizer);
    }

    private IEnumerable<SimulatedWorker> Of(SimulatorRole role) => Live.Engines.Workers.Where(engine => engine.Options.Role == role);
}
