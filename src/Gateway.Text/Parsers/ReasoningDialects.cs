using Gateway.Text.Parsers.Reasoning;

namespace Gateway.Text.Parsers;

/// <summary>All ways of marking thinking, by the name that a flag has and by the name of a model. Harmony is not one of them.</summary>
public static class ReasoningDialects
{
    private static readonly ReasoningDialect _base = Think("base");
    private static readonly ReasoningDialect _deepSeekR1 = Think("deepseek_r1", startsInReasoning: true);
    private static readonly ReasoningDialect _deepSeek31 = Think("deepseek_v31");
    private static readonly ReasoningDialect _qwen3 = Think("qwen3");
    private static readonly ReasoningDialect _qwen3Thinking = Think("qwen3_thinking", startsInReasoning: true);
    private static readonly ReasoningDialect _kimi = new("kimi", "◁think▷", "◁/think▷");
    private static readonly ReasoningDialect _kimiThinking = ThinkOfKimi("kimi_thinking", startsInReasoning: false);
    private static readonly ReasoningDialect _kimi25 = ThinkOfKimi("kimi_k25", startsInReasoning: true);
    private static readonly ReasoningDialect _glm45 = Think("glm45");
    private static readonly ReasoningDialect _step3 = Think("step3", startsInReasoning: true);
    private static readonly ReasoningDialect _miniMax = Think("minimax", startsInReasoning: true);
    private static readonly ReasoningDialect _nanoV3 = Think("nano_v3", startsInReasoning: true);
    private static readonly ReasoningDialect _mistral = new("mistral", "[THINK]", "[/THINK]");

    private static readonly ReasoningDialect _cohere = new("cohere_cmd", "<|START_THINKING|>", "<|END_THINKING|>")
    {
        AroundContent = ["<|START_RESPONSE|>", "<|END_RESPONSE|>", "<|START_TEXT|>", "<|END_TEXT|>"],
    };

    private static readonly NamedTable<ReasoningDialect?> _byName = new(
        ("passthrough none", null),
        ("base", _base),
        ("deepseek_r1", _deepSeekR1),
        ("deepseek_v31 deepseek_v3 deepseek_v32", _deepSeek31),
        ("qwen3", _qwen3),
        ("qwen3_thinking", _qwen3Thinking),
        ("kimi", _kimi),
        ("kimi_k25", _kimi25),
        ("kimi_thinking kimi_k2", _kimiThinking),
        ("glm45 glm47 glm5", _glm45),
        ("step3", _step3),
        ("minimax minimax_m2", _miniMax),
        ("cohere_cmd cohere", _cohere),
        ("nano_v3 nemotron_v3 nemotron3", _nanoV3),
        ("mistral magistral", _mistral));

    private static readonly ModelPatterns<ReasoningDialect> _byModel = new(
        ("deepseek-v3.1", _deepSeek31),
        ("deepseek-v3.2", _deepSeek31),
        ("deepseek-r1", _deepSeekR1),
        ("qwq", _qwen3Thinking),
        ("qwen3 coder", null),
        ("qwen3 thinking", _qwen3Thinking),
        ("qwen3", _qwen3),
        ("kimi-k2.5", _kimi25),
        ("kimi-k2 thinking", _kimiThinking),
        ("kimi-k2", null),
        ("kimi", _kimi),
        ("glm-4.5", _glm45),
        ("glm-4.6", _glm45),
        ("glm-4.7", _glm45),
        ("glm-5", _glm45),
        ("step3", _step3),
        ("step-3", _step3),
        ("minimax-m2", _miniMax),
        ("command-a", _cohere),
        ("command-r7b", _cohere),
        ("nemotron-3", _nanoV3),
        ("nemotron nano-v3", _nanoV3),
        ("nemotron", _base),
        ("magistral", _mistral));

    /// <summary>The names to choose from; some have synonyms besides.</summary>
    public static IReadOnlyList<string> Names => _byName.Names;

    /// <summary>Finds a dialect by name.</summary>
    /// <param name="dialect">Null for "passthrough", which leaves thinking in the content.</param>
    /// <returns>Whether there is one of that name.</returns>
    public static bool TryFind(string name, out ReasoningDialect? dialect) => _byName.TryFind(name, out dialect);

    /// <summary>What a model speaks, by its name; null if the name does not tell.</summary>
    public static ReasoningDialect? ForModel(string model) => _byModel.Find(model);

    private static ReasoningDialect Think(string name, bool startsInReasoning = false) =>
        new(name, "<think>", "</think>") { StartsInReasoning = startsInReasoning };

    private static ReasoningDialect ThinkOfKimi(string name, bool startsInReasoning) => new(name, "<think>", "</think>")
    {
        StartsInReasoning = startsInReasoning,
        EndsBefore = ["<|tool_calls_section_begin|>"],
    };
}
