using System.CommandLine;

namespace Gateway.Simulator.CommandLine;

/// <summary>The flags, each with the default of <see cref="SimulatorOptions"/>.</summary>
internal sealed class SimulatorCommandOptions
{
    private static readonly SimulatorOptions _defaults = new();

    private readonly Option<int> _count = Flag("--count", "Number of workers.", 1);
    private readonly Option<int> _port = Flag("--port", "Port of the first worker; the others take the following ones. 0 takes free ports.", 8000);
    private readonly Option<string> _host = Flag("--host", "IP address to listen on.", _defaults.Host);
    private readonly Option<string> _name = Flag("--name", "Worker i is named NAME-i in its x-simulated-engine header.", _defaults.Name);
    private readonly Option<string> _model = Flag("--model", "Model name that the workers serve.", _defaults.Model);
    private readonly Option<SimulatedRuntime> _runtime = Flag("--runtime", "Engine whose surface they show.", _defaults.Runtime);
    private readonly Option<SimulatorProtocol> _protocol = Flag("--protocol", "What they speak: the engine's HTTP, or its gRPC service.", _defaults.Protocol);

    private readonly Option<string?> _tokenizerFolder =
        Flag("--tokenizer-folder", "gRPC: folder with the model's tokenizer, for the tokens of answers and for whoever asks for it.", _defaults.TokenizerFolder);

    private readonly Option<string[]> _script = new("--script")
    {
        Description = "gRPC: text of every answer; given several times, the pieces of it.",
        HelpName = "text",
    };

    private readonly Option<int> _vocabularySize = Flag("--vocab-size", "gRPC: made-up token ids are below it.", _defaults.VocabularySize);
    private readonly Option<SimulatorMode> _mode = Flag("--mode", "How they come to their answers.", _defaults.Mode);
    private readonly Option<SimulatorRole> _role = Flag("--role", "Their part in prefill/decode disaggregation; vLLM's over gRPC only.", _defaults.Role);

    private readonly Option<SimulatedKvConnector> _kvConnector =
        Flag("--kv-connector", "vLLM: how prefill and decode workers pass keys and values on.", _defaults.KvConnector);

    private readonly Option<int> _bootstrapPort = Flag(
        "--bootstrap-port",
        "Prefill: port at which the first worker meets decode workers; the others take the following ones. 0 takes free ports.",
        _defaults.BootstrapPort);

    private readonly Option<double> _bootstrapTimeoutMs = Flag(
        "--bootstrap-timeout-ms",
        "How long prefill and decode workers wait for each other, in ms.",
        _defaults.BootstrapTimeout.TotalMilliseconds);

    private readonly Option<int> _dataParallelSize =
        Flag("--dp-size", "Data-parallel ranks of a worker, each with its own batch and KV cache.", _defaults.DataParallelSize);

    private readonly Option<int> _seed = Flag("--seed", "Decides generated text and random faults.", _defaults.Seed);
    private readonly Option<string?> _apiKey = Flag("--api-key", "Bearer token that requests need.", _defaults.ApiKey);
    private readonly Option<string?> _register = Flag<string?>("--register", "URL of a gateway to register with, and to stay registered as long as they run.", null);
    private readonly Option<string?> _registerKey = Flag<string?>("--register-key", "Key of that gateway's control plane.", null);
    private readonly Option<int> _loadingMs = Flag("--loading-ms", "Answer 503 for so long after the start, in ms.", 0);

    private readonly Option<double> _prefillRate =
        Flag("--prefill-tokens-per-second", "Speed of computing prompt tokens that are not cached.", _defaults.Timings.PrefillTokensPerSecond);

    private readonly Option<double> _interTokenMs =
        Flag("--inter-token-ms", "Time between two tokens, before the batch's share, in ms.", _defaults.Timings.BaseInterTokenLatency.TotalMilliseconds);

    private readonly Option<double> _perSequenceMs = Flag(
        "--inter-token-ms-per-sequence",
        "What each sequence of the batch adds to that, in ms.",
        _defaults.Timings.InterTokenLatencyPerSequence.TotalMilliseconds);

    private readonly Option<int> _maxModelLength = Flag("--max-model-len", "Longest prompt and answer, in tokens.", _defaults.MaxModelLength);
    private readonly Option<int> _maxRunning = Flag("--max-running-requests", "Largest batch; the rest waits.", _defaults.MaxRunningRequests);
    private readonly Option<int> _kvTokens = Flag("--kv-tokens", "Size of the KV cache, in tokens.", _defaults.KvCapacityTokens);
    private readonly Option<int> _bodyBytes = Flag("--canned-body-bytes", "Canned: text of a whole answer, in bytes.", _defaults.Canned.BodyBytes);
    private readonly Option<int> _chunks = Flag("--canned-chunks", "Canned: text events of a stream.", _defaults.Canned.ChunkCount);
    private readonly Option<int> _chunkBytes = Flag("--canned-chunk-bytes", "Canned: text of an event, in bytes.", _defaults.Canned.ChunkBytes);
    private readonly Option<double> _chunkMs = Flag("--canned-chunk-ms", "Canned: time between events, in ms; 0 sends back to back.", 0.0);
    private readonly Option<double> _delayMs = Flag("--canned-delay-ms", "Canned: time before the first byte, in ms.", 0.0);

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _count, _port, _host, _name, _model, _runtime, _protocol, _tokenizerFolder, _script, _vocabularySize, _mode, _role, _kvConnector, _bootstrapPort, _bootstrapTimeoutMs, _dataParallelSize, _seed,
            _apiKey, _register, _registerKey, _loadingMs, _prefillRate, _interTokenMs, _perSequenceMs, _maxModelLength, _maxRunning, _kvTokens, _bodyBytes,
            _chunks, _chunkBytes, _chunkMs, _delayMs,
        ];
        foreach (var option in all)
            command.Add(option);
    }

    public int CountOf(ParseResult parsed) => parsed.GetValue(_count);

    /// <summary>Null to register nowhere.</summary>
    public SelfRegistration? RegistrationOf(ParseResult parsed) => parsed.GetValue(_register) is { } gateway
        ? new SelfRegistration(new Uri(gateway), parsed.GetValue(_registerKey))
        : null;

    public SimulatorOptions Read(ParseResult parsed) => new()
    {
        Port = parsed.GetValue(_port),
        Host = parsed.GetValue(_host)!,
        Name = parsed.GetValue(_name)!,
        Model = parsed.GetValue(_model)!,
        Runtime = parsed.GetValue(_runtime),
        Protocol = parsed.GetValue(_protocol),
        TokenizerFolder = parsed.GetValue(_tokenizerFolder),
        Script = parsed.GetValue(_script) is { Length: > 0 } pieces ? AnswerScript.OfTexts(pieces) : null,
        VocabularySize = parsed.GetValue(_vocabularySize),
        Mode = parsed.GetValue(_mode),
        Role = parsed.GetValue(_role),
        KvConnector = parsed.GetValue(_kvConnector),
        BootstrapPort = parsed.GetValue(_bootstrapPort),
        BootstrapTimeout = TimeSpan.FromMilliseconds(parsed.GetValue(_bootstrapTimeoutMs)),
        DataParallelSize = parsed.GetValue(_dataParallelSize),
        Seed = parsed.GetValue(_seed),
        ApiKey = parsed.GetValue(_apiKey),
        LoadingTime = TimeSpan.FromMilliseconds(parsed.GetValue(_loadingMs)),
        MaxModelLength = parsed.GetValue(_maxModelLength),
        MaxRunningRequests = parsed.GetValue(_maxRunning),
        KvCapacityTokens = parsed.GetValue(_kvTokens),
        Timings = new EngineTimings
        {
            PrefillTokensPerSecond = parsed.GetValue(_prefillRate),
            BaseInterTokenLatency = TimeSpan.FromMilliseconds(parsed.GetValue(_interTokenMs)),
            InterTokenLatencyPerSequence = TimeSpan.FromMilliseconds(parsed.GetValue(_perSequenceMs)),
        },
        Canned = new CannedOptions
        {
            BodyBytes = parsed.GetValue(_bodyBytes),
            ChunkCount = parsed.GetValue(_chunks),
            ChunkBytes = parsed.GetValue(_chunkBytes),
            ChunkInterval = TimeSpan.FromMilliseconds(parsed.GetValue(_chunkMs)),
            Delay = TimeSpan.FromMilliseconds(parsed.GetValue(_delayMs)),
        },
    };

    private static Option<T> Flag<T>(string name, string description, T byDefault) =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => byDefault,
            HelpName = typeof(T).IsEnum ? string.Join('|', Enum.GetNames(typeof(T))).ToLowerInvariant() : "value",
        };
}
