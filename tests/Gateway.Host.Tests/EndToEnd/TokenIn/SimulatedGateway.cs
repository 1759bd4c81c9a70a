using System.Text;
using Gateway.Host.Configuration;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>The whole gateway over simulated engines that speak SGLang's gRPC, with the tokenizer in which a token is a byte.</summary>
internal sealed class SimulatedGateway : IAsyncDisposable
{
    private readonly string _folder;

    private SimulatedGateway(LiveGateway gateway, string folder)
    {
        Live = gateway;
        _folder = folder;
    }

    public LiveGateway Live { get; }

    public string TokenizerPath => Path.Combine(_folder, "tokenizer.json");

    public IReadOnlyList<SimulatedWorker> Engines => Live.Engines.Workers;

    public static async Task<SimulatedGateway> StartAsync(
        int engines, SimulatorOptions? engine = null, Func<GatewayOptions, GatewayOptions>? configure = null)
    {
        var folder = ByteTokenizer.Folder();
        var tokenizer = Path.Combine(folder, "tokenizer.json");
        var fleet = await SimulatedFleet.StartAsync(engines, (engine ?? new SimulatorOptions()) with
        {
            Protocol = SimulatorProtocol.Grpc,
            Tokenizer = static text => [.. Encoding.UTF8.GetBytes(text).Select(static value => (int)value)],
            TokenizerFolder = folder,
            VocabularySize = 256,
        });
        return new SimulatedGateway(await LiveGateway.StartAsync(fleet, Configure), folder);

        GatewayOptions Configure(GatewayOptions options)
        {
            options = options with { Text = options.Text with { TokenizerPath = tokenizer } };
            return configure?.Invoke(options) ?? options;
        }
    }

    public Task<HttpResponseMessage> CompleteAsync(string members, CancellationToken cancellation = default)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = new StringContent($$"""{"model":"sim-8b",{{members}}}""", Encoding.UTF8, "application/json"),
        };
        return Live.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Live.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
