using Gateway.Text.Parsers.Tools;
using Gateway.Text.Parsers.Tools.Dialects;

namespace Gateway.Text.Parsers;

/// <summary>All dialects of tool calls, by the name that a flag has and by the name of a model. Harmony is not one of them.</summary>
public static class ToolDialects
{
    // Names of the Shepherd Model Gateway first, then what SGLang and vLLM call the same.
    private static readonly NamedTable<ToolDialect?> _byName = new(
        ("passthrough none", null),
        ("json", JsonDialects.Json),
        ("llama llama3 llama3_json", JsonDialects.Llama),
        ("pythonic llama4_pythonic llama4", PythonDialect.Pythonic),
        ("qwen qwen25 qwen3 hermes", JsonDialects.Qwen),
        ("qwen_xml qwen_coder qwen3_coder qwen3_xml nemotron3", TaggedDialects.QwenXml),
        ("mistral", MistralDialect.Mistral),
        ("deepseek deepseek_v3 deepseek_r1", NamedDialects.DeepSeek),
        ("deepseek31 deepseek_v31", NamedDialects.DeepSeek31),
        ("deepseek32 deepseek_v32", TaggedDialects.DeepSeek32),
        ("kimik2", NamedDialects.KimiK2),
        ("glm45_moe glm45 glm46 glm", TaggedDialects.Glm45),
        ("glm47_moe glm47 glm5", TaggedDialects.Glm47),
        ("step3", TaggedDialects.Step3),
        ("minimax_m2 minimax", TaggedDialects.MiniMaxM2),
        ("cohere cohere_command", JsonDialects.Cohere),
        ("nemotron", JsonDialects.Nemotron));

    private static readonly ModelPatterns<ToolDialect> _byModel = new(
        ("deepseek distill", null),
        ("deepseek-v3.2-exp", NamedDialects.DeepSeek31),
        ("deepseek-v3.2", TaggedDialects.DeepSeek32),
        ("deepseek-v3.1", NamedDialects.DeepSeek31),
        ("deepseek-v3", NamedDialects.DeepSeek),
        ("deepseek-r1", NamedDialects.DeepSeek),
        ("kimi-k2", NamedDialects.KimiK2),
        ("glm-4.7", TaggedDialects.Glm47),
        ("glm-5", TaggedDialects.Glm47),
        ("glm-4.5", TaggedDialects.Glm45),
        ("glm-4.6", TaggedDialects.Glm45),
        ("nemotron-3", TaggedDialects.QwenXml),
        ("nemotron nano-v3", TaggedDialects.QwenXml),
        ("nemotron", JsonDialects.Nemotron),
        ("qwen3 coder", TaggedDialects.QwenXml),
        ("qwen3.5", TaggedDialects.QwenXml),
        ("qwen", JsonDialects.Qwen),
        ("qwq", JsonDialects.Qwen),
        ("hermes", JsonDialects.Qwen),
        ("step3", TaggedDialects.Step3),
        ("step-3", TaggedDialects.Step3),
        ("minimax-m2", TaggedDialects.MiniMaxM2),
        ("command-a", JsonDialects.Cohere),
        ("command-r7b", JsonDialects.Cohere),
        ("cohere", JsonDialects.Cohere),
        ("llama-4", PythonDialect.Pythonic),
        ("llama-3", JsonDialects.Llama),
        ("llama3", JsonDialects.Llama),
        ("mistral", MistralDialect.Mistral),
        ("mixtral", MistralDialect.Mistral),
        ("ministral", MistralDialect.Mistral),
        ("magistral", MistralDialect.Mistral),
        ("devstral", MistralDialect.Mistral),
        ("pixtral", MistralDialect.Mistral));

    /// <summary>The names to choose from; each has synonyms besides.</summary>
    public static IReadOnlyList<string> Names => _byName.Names;

    /// <summary>For calls under a JSON schema that <see cref="Constraints.OutputConstraints"/> made.</summary>
    public static ToolDialect Json => JsonDialects.Json;

    /// <summary>Finds a dialect by name.</summary>
    /// <param name="dialect">Null for "passthrough", which leaves calls in the content.</param>
    /// <returns>Whether there is one of that name.</returns>
    public static bool TryFind(string name, out ToolDialect? dialect) => _byName.TryFind(name, out dialect);

    /// <summary>What a model speaks, by its name; null if the name does not tell.</summary>
    public static ToolDialect? ForModel(string model) => _byModel.Find(model);
}
