namespace Gateway.Benchmarks.Fleet;

/// <summary>Names as a large public fleet has them: 20 to 48 bytes, many with a long common prefix.</summary>
internal static class ModelNames
{
    private static readonly string[] Families =
    [
        "meta-llama/Llama", "Qwen/Qwen", "mistralai/Mistral", "deepseek-ai/DeepSeek-V", "google/gemma",
        "microsoft/Phi", "ibm-granite/granite", "nvidia/Llama-Nemotron", "allenai/OLMo", "tiiuae/Falcon",
    ];

    private static readonly string[] Versions = ["-2", "-2.5", "-3", "-3.1", "-4"];
    private static readonly string[] Sizes = ["-1.5B", "-8B", "-32B", "-72B", "-405B"];
    private static readonly string[] Variants = ["", "-Instruct", "-Instruct-FP8", "-Instruct-AWQ-INT4"];

    /// <summary>The first <paramref name="count"/> of 1,000 names, then the same again as numbered adapters.</summary>
    public static string[] Take(int count) => [.. All().Take(count)];

    private static IEnumerable<string> All()
    {
        for (var adapter = 0; ; adapter++)
        {
            foreach (var family in Families)
            {
                foreach (var version in Versions)
                {
                    foreach (var size in Sizes)
                    {
                        foreach (var variant in Variants)
                            yield return family + version + size + variant + (adapter == 0 ? "" : $":{adapter}");
                    }
                }
            }
        }
    }
}
