namespace Gateway.Simulator;

/// <summary>What a simulated worker is and how it behaves.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Named in the <c>x-simulated-engine</c> header of each answer.</summary>
    public string Name { get; init; } = "sim";

    /// <summary>IP address to listen on.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; }

    public string Model { get; init; } = "sim-8b";

    /// <summary>Other names that requests may use for the model; listed after it in <c>/v1/models</c>.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public SimulatedRuntime Runtime { get; init; } = SimulatedRuntime.SgLang;

    /// <summary>What it speaks on its port. Over gRPC there are no canned answers.</summary>
    public SimulatorProtocol Protocol { get; init; } = SimulatorProtocol.Http;

    public SimulatorMode Mode { get; init; } = SimulatorMode.Simulated;

    /// <summary>Other than regular needs <see cref="SimulatedRuntime.SgLang"/>, or gRPC.</summary>
    public SimulatorRole Role { get; init; } = SimulatorRole.Regular;

    /// <summary>How vLLM's prefill and decode workers pass keys and values on.</summary>
    public SimulatedKvConnector KvConnector { get; init; } = SimulatedKvConnector.Nixl;

    /// <summary>
    /// Port at which a prefill worker meets decode workers, on <see cref="Host"/>; 0 takes a free one. A decode worker goes there
    /// if a request names none; with 0 to 8998, SGLang's default.
    /// </summary>
    public int BootstrapPort { get; init; }

    /// <summary>How long each side of a disaggregated pair waits for the other; more than zero. SGLang's own are 300 s.</summary>
    public TimeSpan BootstrapTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Decides the generated text, together with the prompt, and the random faults.</summary>
    public int Seed { get; init; }

    public EngineTimings Timings { get; init; } = EngineTimings.Default;

    /// <summary>Longest prompt and answer together, in tokens.</summary>
    public int MaxModelLength { get; init; } = 131_072;

    /// <summary>Data-parallel ranks: engines with a batch and a KV cache each, behind one port.</summary>
    public int DataParallelSize { get; init; } = 1;

    /// <summary>Sequences that are computed at the same time by a rank; the others wait.</summary>
    public int MaxRunningRequests { get; init; } = 256;

    /// <summary>Room of a rank for the keys and values of running and remembered sequences, in tokens.</summary>
    public int KvCapacityTokens { get; init; } = 524_288;

    /// <summary>Tokens in a KV block; prefixes are reused by whole blocks.</summary>
    public int KvBlockTokens { get; init; } = 16;

    /// <summary>Most prompt tokens computed in one step, so that a long prompt can't stall the whole batch.</summary>
    public int PrefillChunkTokens { get; init; } = 8_192;

    /// <summary>Length of an answer that neither the request nor the model's context cuts short, in tokens: at least, at most.</summary>
    public (int Min, int Max) AnswerTokens { get; init; } = (24, 96);

    /// <summary>If set, over gRPC each answer is exactly this one, but for the request's own limits.</summary>
    public AnswerScript? Script { get; init; }

    /// <summary>
    /// Makes token ids of text, for gRPC: of the filler text and of a script in words. Without one they are made up, below
    /// <see cref="VocabularySize"/>, and say nothing to a real tokenizer.
    /// </summary>
    public Func<string, int[]>? Tokenizer { get; init; }

    /// <summary>A folder with the files of the model's tokenizer, which whoever asks over gRPC gets.</summary>
    public string? TokenizerFolder { get; init; }

    /// <summary>Told over gRPC; made-up token ids are below it.</summary>
    public int VocabularySize { get; init; } = 32_000;

    /// <summary>Told over gRPC as the token that ends an answer. It is not among the answer's tokens, unless a script has it.</summary>
    public int EndOfTextToken { get; init; } = 2;

    /// <summary>Batches of KV events that a gRPC worker keeps for subscribers that come back.</summary>
    public int KvEventHistory { get; init; } = 1_024;

    /// <summary>Length of an embedding, unless the request names one.</summary>
    public int EmbeddingDimensions { get; init; } = 64;

    /// <summary>After a start it answers 503 for so long, as an engine that still loads its weights does.</summary>
    public TimeSpan LoadingTime { get; init; }

    /// <summary>If set, requests need it as their bearer token.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Faults in force from the start.</summary>
    public IReadOnlyList<FaultRule> Faults { get; init; } = [];

    public CannedOptions Canned { get; init; } = CannedOptions.Default;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal IEnumerable<string> ModelNames => Aliases.Prepend(Model);

    internal bool Serves(string model) => model == Model || Aliases.Contains(model);

    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Model);
        ArgumentOutOfRangeException.ThrowIfNegative(Port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegative(BootstrapPort);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BootstrapPort, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(BootstrapTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(DataParallelSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxModelLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxRunningRequests);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(KvBlockTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(KvCapacityTokens, KvBlockTokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PrefillChunkTokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Timings.PrefillTokensPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(AnswerTokens.Min);
        ArgumentOutOfRangeException.ThrowIfLessThan(AnswerTokens.Max, AnswerTokens.Min);
        ArgumentOutOfRangeException.ThrowIfLessThan(VocabularySize, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(KvEventHistory);
        if (Protocol == SimulatorProtocol.Grpc && Mode == SimulatorMode.Canned)
            throw new ArgumentException("Answers over gRPC are simulated, never canned.");
        if (Role != SimulatorRole.Regular && Runtime != SimulatedRuntime.SgLang && Protocol != SimulatorProtocol.Grpc)
            throw new ArgumentException("vLLM's prefill and decode roles are simulated over gRPC only.");
    }
}
