using Gateway.Text.Parsers;

namespace Gateway.Text.Tests.Parsers;

public sealed class ChatOutputFormatTests
{
    [Theory]
    [InlineData("deepseek-ai/DeepSeek-R1", "deepseek_r1", "deepseek")]
    [InlineData("deepseek-ai/DeepSeek-R1-Distill-Qwen-32B", "deepseek_r1", null)]
    [InlineData("deepseek-ai/DeepSeek-V3-0324", null, "deepseek")]
    [InlineData("deepseek-ai/DeepSeek-V3.1-Terminus", "deepseek_v31", "deepseek31")]
    [InlineData("deepseek-ai/DeepSeek-V3.2-Exp", "deepseek_v31", "deepseek31")]
    [InlineData("deepseek-ai/DeepSeek-V3.2", "deepseek_v31", "deepseek32")]
    [InlineData("Qwen/Qwen2.5-72B-Instruct", null, "qwen")]
    [InlineData("Qwen/Qwen3-8B", "qwen3", "qwen")]
    [InlineData("Qwen/Qwen3-235B-A22B-Thinking-2507", "qwen3_thinking", "qwen")]
    [InlineData("Qwen/Qwen3-Coder-480B-A35B-Instruct", null, "qwen_xml")]
    [InlineData("moonshotai/Kimi-K2-Instruct", null, "kimik2")]
    [InlineData("moonshotai/Kimi-K2-Thinking", "kimi_thinking", "kimik2")]
    [InlineData("moonshotai/Kimi-VL-A3B-Thinking", "kimi", null)]
    [InlineData("zai-org/GLM-4.5-Air", "glm45", "glm45_moe")]
    [InlineData("zai-org/GLM-4.7", "glm45", "glm47_moe")]
    [InlineData("stepfun-ai/step3", "step3", "step3")]
    [InlineData("MiniMaxAI/MiniMax-M2", "minimax", "minimax_m2")]
    [InlineData("CohereLabs/command-a-reasoning-08-2025", "cohere_cmd", "cohere")]
    [InlineData("nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B", "nano_v3", "qwen_xml")]
    [InlineData("nvidia/Llama-3_3-Nemotron-Super-49B-v1_5", "base", "nemotron")]
    [InlineData("meta-llama/Llama-3.1-8B-Instruct", null, "llama")]
    [InlineData("meta-llama/Llama-4-Scout-17B-16E-Instruct", null, "pythonic")]
    [InlineData("mistralai/Magistral-Small-2509", "mistral", "mistral")]
    [InlineData("mistralai/Mistral-7B-Instruct-v0.3", null, "mistral")]
    [InlineData("NousResearch/Hermes-3-Llama-3.1-8B", null, "qwen")]
    [InlineData("sim-8b", null, null)]
    public void A_models_name_tells_what_it_speaks(string model, string? reasoning, string? tools)
    {
        var format = ChatOutputFormat.For(model);
        Assert.Equal((reasoning, tools, false), (format.Reasoning?.Name, format.Tools?.Name, format.IsHarmony));
    }

    [Theory]
    [InlineData("openai/gpt-oss-20b", null)]
    [InlineData("my-model", "GptOssForCausalLM")]
    [InlineData("my-model", "gpt_oss")]
    public void Gpt_oss_speaks_Harmony_by_its_name_or_its_configuration(string model, string? architecture) =>
        Assert.True(ChatOutputFormat.For(model, architecture: architecture).IsHarmony);

    [Fact]
    public void What_was_chosen_counts_more_than_the_models_name()
    {
        var format = ChatOutputFormat.For("Qwen/Qwen3-8B", "passthrough", "Hermes");
        Assert.Equal((null, "qwen"), (format.Reasoning, format.Tools!.Name));
    }

    [Theory]
    [InlineData("deepseek_v3.1", "deepseek31")]
    [InlineData("Qwen3-Coder", "qwen_xml")]
    [InlineData("kimi_k2", "kimik2")]
    [InlineData("llama3_json", "llama")]
    public void Other_servers_names_are_understood(string name, string dialect)
    {
        Assert.True(ToolDialects.TryFind(name, out var found));
        Assert.Equal(dialect, found!.Name);
    }

    [Fact]
    public void Every_name_is_that_of_its_dialect()
    {
        foreach (var name in ToolDialects.Names)
        {
            Assert.True(ToolDialects.TryFind(name, out var dialect));
            Assert.Equal(name == "passthrough" ? null : name, dialect?.Name);
        }

        foreach (var name in ReasoningDialects.Names)
        {
            Assert.True(ReasoningDialects.TryFind(name, out var dialect));
            Assert.Equal(name == "passthrough" ? null : name, dialect?.Name);
        }
    }

    [Fact]
    public void An_unknown_name_is_refused_with_those_there_are()
    {
        Assert.Contains("minimax_m2", Assert.Throws<ArgumentException>(() => ChatOutputFormat.For("x", tools: "foo")).Message, StringComparison.Ordinal);
        Assert.Contains("nano_v3", Assert.Throws<ArgumentException>(() => ChatOutputFormat.For("x", reasoning: "foo")).Message, StringComparison.Ordinal);
    }
}
